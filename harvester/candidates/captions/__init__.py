"""What the page says under a picture, and whom it credits."""
