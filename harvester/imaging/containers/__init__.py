"""What a picture's container says before anything is decoded: whether it is whole, its size, its frames.

A walk reads only headers and skips the rest. It refuses anything from which a decoder would have to be protected, so it
comes before every decoder.
"""
