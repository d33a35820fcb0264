"""The bot's HTTP servers: for Slack's requests in HTTP mode, and for health and metrics."""
