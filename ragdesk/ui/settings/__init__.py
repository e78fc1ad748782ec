"""The settings page, made from `ragdesk.settings`."""
