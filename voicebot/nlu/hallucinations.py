"""What recognisers write when nobody speaks: subtitles' credits, sound labels, loops."""

from __future__ import annotations

import re

from voicebot.nlu.normalise import fold

_CREDITS = re.compile(
    r"sous.?titr|subtitl|amara\.? ?org|radio.canada|abonnez.vous|merci d.avoir regarde|n.oubliez pas de (?:vous abonner|liker)"
    r"|thanks? (?:you )?for watching|please subscribe|like and subscribe|like et abonne|a la prochaine video|st.? ?501"
    r"|traduction par|transcri(?:t|ption) par"
    r"|retrouvez(?:.nous)? sur (?:youtube|notre chaine)|merci a tous (?:d.avoir regarde|pour votre soutien)|www\."
    r"|copyright|tous droits reserves"
)
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
    if not re.search(r"\w", folded) or _LABEL.match(folded):
        return True
    return bool(_CREDITS.search(folded) or _SOUNDS.match(folded) or _HUMS.match(folded) or _loops(folded))


def _loops(folded: str) -> bool:
    """The same words at least five times over, and hardly anything else."""
    words = re.findall(r"[\w']+", folded)
    return len(words) >= 10 and len(set(words)) * 5 <= len(words)  # ten words make a loop, not an insistence
