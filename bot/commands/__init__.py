"""The commands of `basecoach …`, one file for each."""
