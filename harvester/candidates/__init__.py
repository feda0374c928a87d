"""Step 2: from an article to its images and videos. Pure: no network, no disk, no clock."""
