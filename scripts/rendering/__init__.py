"""Writers of one text report as the files in which offices keep such reports; see ``scripts/render_formats.py``."""
