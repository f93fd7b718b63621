"""A month's form being filled in. ``tracker fill`` shows it and knows nothing of its own.

``questions`` is what is asked, ``answers`` how texts and updates become each other, ``troubles`` what is wrong
in the words of a form, ``draft`` all of it so far.
"""
