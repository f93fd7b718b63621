"""An enterprise's sheet being filled in by an assessor. The screens show it and know nothing of their own.

``steps`` is what is gone through, ``draft`` what was typed so far, ``written`` the sheet that comes of it.
"""
