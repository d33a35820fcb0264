"""What Basecoach costs, side by side with what it is built on. `make bench`; see docs/performance.md."""
