"""How the control page looks: one module per page, and the parts they share; what a form does is in ``control``."""
