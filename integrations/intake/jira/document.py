"""Words out of what Jira calls a document: wiki text, or a tree of nodes.

https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

from integrations.intake.reading import dig, text

_BLOCKS = {"paragraph", "heading", "listItem", "codeBlock", "blockquote", "tableRow"}


def document_text(document: object) -> str | None:
    """Return the words of a description or comment; None when there are none."""
    if isinstance(document, str):
        return text(document)
    found: list[str] = []
    waiting = [document]
    while waiting:  # not by recursion: the tree is a stranger's
        node = waiting.pop()
        kind = text(node, "type")
        if kind in _BLOCKS or kind == "hardBreak":
            found.append("\n")
        found.append(text(node, "text") or text(node, "attrs", "text") or "")
        below = dig(node, "content")
        if isinstance(below, list):
            waiting.extend(reversed(below))
    return "".join(found).strip() or None
