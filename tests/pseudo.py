"""A language that nobody speaks, written from the right: English with an accent on every letter.

What comes out of it without accents was never given to translators, and what it breaks is not laid out for languages
like Hebrew or Arabic. Dates are those of Hebrew, so that they are seen to follow the language, too.
"""

import re
from gettext import NullTranslations

from projections.language import Language

_ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀćďéƒǵħíĵķłḿńóṕɋŕśťúṽŵẋýžÁƁĆĎÉƑǴĦÍĴĶŁḾŃÓṔɊŔŚŤÚṼŴẊÝŽ",
)
_ISOLATED = re.compile(
    "\N{FIRST STRONG ISOLATE}[^\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}]*\N{POP DIRECTIONAL ISOLATE}"
)
_KEPT = re.compile(r"(%\(\w+\)s|<[^>]*>|&\w+;)")


class _Accented(NullTranslations):
    def gettext(self, message):
        return "".join(
            piece if _KEPT.fullmatch(piece) else piece.translate(_ACCENTED) for piece in _KEPT.split(message)
        )

    def ngettext(self, msgid1, msgid2, n):
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context, message):  # noqa: ARG002  # The same words in every context.
        return self.gettext(message)


class _Pseudo(Language):
    lang = "ar-XB"
    translations = _Accented()


def english_in(sentence: str) -> list[str]:
    """List the words of a sentence that translators never saw; what somebody wrote or named is isolated in it."""
    while sentence != (sentence := _ISOLATED.sub("", sentence)):
        pass
    return re.findall("[A-Za-z]{2,}", sentence)


PSEUDO = _Pseudo("xb", "he", "Pseudo")
