"""Videos, by yt-dlp in a child process."""
