"""What recognisers write when nobody speaks: sound labels, hums and loops, besides known credits."""

from __future__ import annotations

import re

from voicebot.core.hallucinations import is_invented
from voicebot.nlu.normalise import fold

_LABEL = re.compile(r"^\W*[\[(*♪<][^\])>*]*[\])>*♪]?\W*$")
_SOUNDS = re.compile(
    r"^(?:(?:euh+|heu+|hum+|hm+|mh+m*|mm+|ah+|oh+|pff+|tss+|pfiou|chut|bip|biip|beep|dring|ding|dong|la la|uh+|um+"
    r"|blabla|musique|bruit|silence|rires?|toux|soupir"
    r"|applaudissements|music|noise|laughter|applause)[\s.…,!?-]*)+$"
)
_HUMS = re.compile(r"^(?:h+m+|m+h?m+|mh+|euh+|heu+|h+u+m+)(?:[\s.…,-]+(?:h+m+|m+h?m+|mh+|euh+|heu+))*[\s.…!?]*$")


def is_hallucination(text: str) -> bool:
    """Whether `text`, as recognised, holds no words of a caller: nothing, a label, a credit, a hum or a loop."""
    folded = fold(text).strip()
    if is_invented(text) or _LABEL.match(folded):
        return True
    return bool(_SOUNDS.match(folded) or _HUMS.match(folded) or _loops(folded))


def _loops(folded: str) -> bool:
    """The same words at least five times over, and hardly anything else."""
    words = re.findall(r"[\w']+", folded)
    return len(words) >= 10 and len(set(words)) * 5 <= len(words)  # ten words make a loop, not an insistence
