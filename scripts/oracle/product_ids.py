"""The ids of products, by their definition: ID:TRANSFORM:N."""

import unicodedata
from collections import Counter
from urllib.parse import quote


def tokens(transforms):
    """Name -> TRANSFORM, for all transforms of the files."""
    names = {transform.name for transform in transforms}
    codes = Counter(transform.code for transform in transforms)

    def token(transform):
        is_only = codes[transform.code] == 1 and transform.code not in names - {transform.name}
        return encoded(transform.code if transform.code and is_only else transform.name)

    return {transform.name: token(transform) for transform in transforms}


def product_id(row, token, number):
    """The id of the product with this number of a parent."""
    parent = f"row:{row.number}" if row.id is None else encoded(str(row.id))
    return f"{parent}:{token}:{number}"


def encoded(text):
    """The text with `%`, `:`, blanks and control characters percent-encoded."""
    return "".join(quote(character, safe="") if is_special(character) else character for character in text)


def is_special(character):
    """Whether the character is encoded."""
    return character in "%:" or character.isspace() or unicodedata.category(character) == "Cc"
