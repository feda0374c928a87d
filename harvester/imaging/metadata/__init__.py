"""What a file says of its maker and its use: EXIF, IPTC, XMP."""
