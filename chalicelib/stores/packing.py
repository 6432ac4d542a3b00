"""Posts and decisions written small: with the traces of rules that nearly matched they would not fit into one write
unit of 1 KB.

Deflate (RFC 1951) with a preset dictionary of what nearly every one says, in base 85, behind a sign that no JSON
begins with. The dictionary belongs to what is kept: it must never change; another one gets another sign. The first
knew few lines of rules: 20 of 100 ignored posts to customer services did not fit into a unit by it, 1 by the second.
"""

from __future__ import annotations

import base64
import zlib

from chalicelib.stores.packing_lines import LINES

SIGN, FIRST_SIGN = "z2:", "z1:"
WINDOW = -15  # bare deflate, without a header that would tell what the sign tells
# The end is what is found most cheaply, so the most frequent stands there.
DICTIONARY = (
    b'{"id":"youtube:telegram:linkedin:instagram:facebook:1_mastodon:x:forum:","platform":"telegram","kind":"comment",'
    b'"kind":"reply","kind":"review","kind":"dm","kind":"mention","action":"edit","action":"delete","action":"create",'
    b'"text":"","language":"en","created_at":"2027-01-01T12:00:00Z","edited_at":"2026-12-","delivered_at":"2026-11-",'
    b'"permalink":"https://www.facebook.com/","permalink":"https://mastodon.","permalink":"https://x.com/",'
    b'"/status/","in_reply_to":"","conversation_id":"","account_id":"","is_self":false,"rating":,"media":["https://"],'
    b'"parent_text":"","quoted_text":"","author":{"id":"","handle":"","name":"","followers":,"verified":false}}'
    b'"post_id":"","post_version":"",'
    b'"outcome":"escalate","outcome":"recommend","outcome":"ignore","reason":"no rule","reason":"Somebody ",'
    b'"guard":"","rule":"","priority":"high","team":"care","tell":[],"subject":"","record":"case",'
    b'"first_reply_due":"2026-","keep_for":,"topics":[],"matched":["],"shadow":[],"rulebook":"","sampled":false}],'
    b'"owner":"]}]},{"rule":"-to-us","status":"live","status":"shadow","status":"testing","matched":true,'
    b'"matched":false,"lines":[{"block":"all","line":" is any of: [comment, dm, review, reply, mention, quote]",'
    b'"answer":"yes","found":["block":"any","line":"text has any: [\\"i\\", \\"we\\", \\"my\\", \\"you\\"]",'
    b'"answer":"no"},{"block":"any","line":"asks a question: yes","answer":"no"},{"block":"all","line":"sentiment '
    b'below: 0","answer":"no"},{"block":"all","line":"thanks: yes","answer":"no"},{"block":"none","line":"platform is '
    b'any of: [youtube]","answer":"no"},{"block":"none","line":"author is customer: yes","answer":"unknown"},'
    b'{"block":"none","line":"author is employee: yes","answer":"unknown"},{"block":"none","line":"case is open: yes",'
    b'"answer":"unknown"},{"block":"none","line":"looks like spam: yes","answer":"no"},{"block":"all","line":'
    b'"complaint at least: 0.42","answer":"no"},{"block":"all","line":"mentions us: yes","answer":"yes"}'
)
# What was packed until 29 November 2026 was packed by `DICTIONARY` alone.
DICTIONARIES = {SIGN: LINES + DICTIONARY, FIRST_SIGN: DICTIONARY}


def pack(text: str) -> str:
    """The text, or what `unpack` makes it of where that is shorter."""
    press = zlib.compressobj(6, zlib.DEFLATED, WINDOW, 9, zdict=DICTIONARIES[SIGN])
    packed = SIGN + base64.b85encode(press.compress(text.encode()) + press.flush()).decode()
    return packed if len(packed) < len(text) else text


def unpack(text: str) -> str:
    """The text that was packed; one that never was stays as it is."""
    sign = text[: len(SIGN)]
    if sign not in DICTIONARIES:
        return text
    press = zlib.decompressobj(WINDOW, zdict=DICTIONARIES[sign])
    return press.decompress(base64.b85decode(text.removeprefix(sign))).decode()
