"""Files in: who they are from, where they are kept, the receipt, and what is held.

A file's unit and month are read from what it says, never from its name. Nothing is
overwritten and nothing is lost: a submission becomes the next version of its month with a
receipt; what cannot be read is kept in ``held/`` with its report; Word, PDF and pictures
become attachments under their own digest.
"""
