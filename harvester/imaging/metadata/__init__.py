"""What a file says about its maker and its use: EXIF, IPTC, XMP."""
