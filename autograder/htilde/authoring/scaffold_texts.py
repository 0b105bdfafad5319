"""The texts of a new exercise or assignment; ``{assignment}`` and ``{exercise}`` in them stand for names.

The exercise returns its argument, so that every declaration here is true.
"""

from __future__ import annotations

__all__ = [
    "ABOUT",
    "ANSWER",
    "BEGINNING",
    "CLASS",
    "END",
    "HEADS",
    "IMPORTS",
    "LAST",
    "PARTS",
    "TITLE",
    "TODO",
    "TOLD",
]

TODO = {
    "solutions": "the prose, the answer, hints and a commentary",
    "public": "what is claimed, and the right answer",
    "hidden": "the same for inputs that nobody has seen",
    "misconceptions": "the mistakes that students make, with a hint each",
    "variants": "right answers in other styles",
    "sample_class": "a class for the demo",
    "grading.toml": "the points",
}

IMPORTS = {
    "public": (
        "numpy as np",
        "htilde.example",
        "htilde.public",
        "htilde.oracle.evaluate",
        "htilde.strategies.arrays",
    ),
    "hidden": (
        "htilde.hidden",
        "htilde.oracle.evaluate",
        "htilde.strategies.arrays",
        "htilde.strategies.shapes",
    ),
    "misconceptions": ("numpy as np", "htilde.misconception", "htilde.probes"),
    "variants": ("htilde.variant",),
}

HEADS = {
    "public": '''"""Public properties of {assignment}: students may read these; their examples ship."""

import numpy as np

from htilde import example, public
from htilde.oracle import evaluate
from htilde.strategies import arrays
''',
    "hidden": '''"""Hidden properties of {assignment}: these never ship. A student learns the claim that fails."""

from htilde import hidden
from htilde.oracle import evaluate
from htilde.strategies import arrays, shapes
''',
    "misconceptions": '''"""Known wrong answers to {assignment}. Each docstring is the hint."""

import numpy as np

from htilde import misconception, probes
''',
    "variants": '''"""Right answers to {assignment} in styles other than the reference's. Each must get full marks."""

from htilde import variant
''',
}

PARTS = {
    "public": '''

@public("{exercise}", h_tilde=arrays(-6.0, 6.0))
@example(h_tilde=np.array([0.0]))
def matches_torch(h_tilde):
    """It equals h_tilde. (Say what is claimed; students read this.)"""
    return evaluate(lambda x: x, h_tilde)
''',
    "hidden": '''

@hidden("{exercise}", h_tilde=arrays(-6.0, 6.0, shape=shapes(max_dims=3, max_side=5)))
def matches_torch_on_other_inputs(h_tilde):
    """It equals h_tilde on batches that you haven't seen."""
    return evaluate(lambda x: x, h_tilde)
''',
    "misconceptions": '''

probes("{exercise}", h_tilde=np.array([[-2.75, -0.3], [0.4, 3.0]]))


@misconception("{exercise}")
def flips_the_sign(h_tilde):
    """The sign is wrong. (Say which mistake this is; students read it.)"""
    return -h_tilde
''',
    "variants": """

@variant("{exercise}")
def another_style(h_tilde):
    return 1 * h_tilde
""",
}

TITLE = {"en": "What this is about, and how to work.", "ko": "무엇을 다루는지, 어떻게 푸는지 씁니다."}
ABOUT = {
    "en": "What it is, with its formula, and what to notice about it.",
    "ko": "무엇인지, 식과 함께, 그리고 눈여겨볼 점을 씁니다.",
}
TOLD = {
    "idea": {
        "en": "The thought to start from, without the formula. (These cells may go.)",
        "ko": "막혔을 때 떠올릴 것을 식 없이 씁니다. (이 셀들은 지워도 됩니다.)",
    },
    "formula": {
        "en": "The formula, in the notation of the prose.",
        "ko": "설명에서 쓴 기호로 나타낸 식을 씁니다.",
    },
    "commentary": {
        "en": "What to see in the answer, for those who have passed.",
        "ko": "답에서 눈여겨볼 점을 씁니다. 통과한 사람에게 보여 줍니다.",
    },
}
LAST = {
    "en": "Save, then run the cell below. It runs your notebook from the top, as the grader will.",
    "ko": "저장한 다음 아래의 셀을 실행하세요. 채점할 때처럼 노트북을 처음부터 실행합니다.",
}

BEGINNING = """
# %%
import numpy as np

from htilde import check
"""

ANSWER = '''
# %% exercise="{exercise}"
def {exercise}(h_tilde):
    """What it returns, of which shape, and every agreement that a student can't guess."""
    ### BEGIN SOLUTION
    return h_tilde
    ### END SOLUTION
'''

END = """
# %% tags=["experiment"]
check()
"""

CLASS = '''"""A sample class for {assignment}: each student edits the released notebook, as students do."""

from htilde.sample_class import student

RIGHT = """def {exercise}(h_tilde):
    return h_tilde
"""


@student("right", "all right", points=1)
def right(book):
    book.answer({exercise}=RIGHT)


@student("untouched", "handed in what was handed out", points=0)
def untouched(book):
    pass
'''
