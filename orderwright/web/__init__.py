"""The portal: pages for staff. Rules about orders, money and shipments do not belong here."""
