"""What happens around requests: one module per part, each making rows with their true history."""
