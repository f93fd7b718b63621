"""The screens: one file each, one stylesheet; only this package knows Textual."""
