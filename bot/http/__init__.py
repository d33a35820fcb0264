"""What the bot serves over HTTP: Slack's requests in HTTP mode, and its health for whoever watches over it."""
