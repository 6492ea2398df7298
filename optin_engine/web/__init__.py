"""The HTTP service: MobileConnect's opt-in calls, the handset's side, health and metrics."""
