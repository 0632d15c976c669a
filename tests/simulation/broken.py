"""What a world says when something that must always be true was not."""


class Broken(AssertionError):
    """Something that must always be true was not."""


def hold(truth: object, sentence: str) -> None:
    """Raise Broken, with the sentence, when it is not so."""
    if not truth:
        raise Broken(sentence)
