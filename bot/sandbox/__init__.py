"""A Slack workspace on this machine: Web API, Socket Mode, people, and a page to look at it.

Nothing here imports the rest of the bot, and the bot does not know whether it talks to this or to
Slack. Its environment tells it where Slack is.
"""
