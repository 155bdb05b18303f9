"""What each action does and refuses, called as the portal and the API call it."""
