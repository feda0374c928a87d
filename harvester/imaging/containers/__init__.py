"""What a picture's container says before anything is decoded: is it whole, how large, how many frames.

A walk looks at headers only and skips what it does not need. It refuses what a decoder would have to be protected from,
so it comes before every decoder.
"""
