"""The pure decisions: no session, no Slack, no clock. Data in, data out."""
