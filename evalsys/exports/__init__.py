"""Paper and files: values in, bytes out."""
