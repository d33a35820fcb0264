"""What `basecoach …` can do, a file for each command."""
