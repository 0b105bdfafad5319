"""Tables of TeX's names: letters, operators, accents, alphabets, colours, sizes."""

from __future__ import annotations

__all__ = [
    "ACCENTS",
    "ALPHABETS",
    "ARROWS",
    "BELOW",
    "COLORS",
    "ESCAPED",
    "LETTERS",
    "NAMES",
    "OPERATORS",
    "SIZES",
    "SPACES",
    "SUMS",
    "in_alphabet",
]


def _table(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2]))


LETTERS = _table("""
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ
    nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
    Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
    ell ℓ hbar ℏ imath ı jmath ȷ Re ℜ Im ℑ infty ∞ emptyset ∅ varnothing ∅ top ⊤ bot ⊥ intercal ⊺ complement ∁
""")
OPERATORS = _table("""
    partial ∂ nabla ∇ forall ∀ exists ∃ neg ¬ lnot ¬ pm ± mp ∓ times × div ÷ cdot ⋅ ast ∗ star ⋆ circ ∘ bullet •
    oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ wedge ∧ land ∧ vee ∨ lor ∨ cap ∩ cup ∪ setminus ∖ dagger † colon :
    le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ ll ≪ gg ≫ lt < gt > equiv ≡ sim ∼ simeq ≃ approx ≈ cong ≅ propto ∝ prime ′
    in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ mid ∣ nmid ∤ parallel ∥ perp ⟂ triangleq ≜ coloneqq ≔
    to → rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ iff ⟺ gets ←
    longrightarrow ⟶ longleftarrow ⟵ mapsto ↦ longmapsto ⟼ uparrow ↑ downarrow ↓ cdots ⋯ ldots … dots … vdots ⋮ ddots ⋱
    lbrace { rbrace } langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | vert | lVert ‖ rVert ‖ Vert ‖
""")
SUMS = _table("sum ∑ prod ∏ int ∫ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigodot ⨀")
NAMES = frozenset({
    *("arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "det", "diag", "dim", "exp", "inf", "ker"),
    *("lim", "ln", "log", "max", "min", "sec", "sin", "sinh", "sup", "tan", "tanh", "Pr"),
})  # fmt: skip
BELOW = frozenset({"lim", "max", "min", "sup", "inf", "Pr", *SUMS} - {"int", "oint"})
"""Operators whose limits are set above and below them in a displayed formula."""
ACCENTS = _table("""
    tilde ~ widetilde ~ hat ^ widehat ^ bar ‾ overline ‾ vec → overrightarrow → dot ˙ ddot ¨ check ˇ overbrace ⏞
    underline _ underbrace ⏟
""")
SPACES = {",": 0.167, ":": 0.222, ">": 0.222, ";": 0.278, "!": 0.0, " ": 0.25, "quad": 1.0, "qquad": 2.0}
"""Widths in em."""
ARROWS = _table("""
    xrightarrow → xleftarrow ← xleftrightarrow ↔ xRightarrow ⇒ xLeftarrow ⇐ xLeftrightarrow ⇔ xmapsto ↦
    xhookrightarrow ↪ xhookleftarrow ↩
""")
"""Arrows that are as long as the text above and below them."""
COLORS = frozenset({
    *("black", "blue", "brown", "cyan", "darkgray", "gray", "green", "lightgray", "lime", "magenta", "olive"),
    *("orange", "pink", "purple", "red", "teal", "violet", "white", "yellow"),
})  # fmt: skip
"""The names that LaTeX's xcolor and CSS have in common."""
SIZES = {
    "tiny": 0.5,
    "scriptsize": 0.7,
    "footnotesize": 0.8,
    "small": 0.9,
    "normalsize": 1.0,
    "large": 1.2,
    "Large": 1.44,
    "LARGE": 1.73,
    "huge": 2.07,
    "Huge": 2.49,
}
"""Sizes relative to that of the page's text."""
ESCAPED = {"{": "{", "}": "}", "|": "‖", "%": "%", "$": "$", "&": "&", "#": "#", "_": "_"}
ALPHABETS = {
    "mathbb": ["𝔸"],
    "mathcal": ["𝒜"],
    "mathscr": ["𝒜"],
    "mathbf": ["𝐀", "𝐚", "𝚨", "𝛂"],
    "boldsymbol": ["𝑨", "𝒂", "𝜜", "𝜶"],
    "bm": ["𝑨", "𝒂", "𝜜", "𝜶"],
    "mathsf": ["𝖠", "𝖺"],
    "mathit": ["𝐴"],
    "mathtt": ["𝙰", "𝚊"],
}
"""The alphabets of Unicode: the A of each and, if it has them, its a, its Α and its α."""
_RANGES = (("A", "Z"), ("a", "z"), ("Α", "Ω"), ("α", "ω"))
_ELSEWHERE = dict(zip("𝒝𝒠𝒡𝒣𝒤𝒧𝒨𝒭", "ℬℰℱℋℐℒℳℛ")) | dict(zip("𝔺𝔿𝕅𝕇𝕈𝕉𝕑", "ℂℍℕℙℚℝℤ"))
"""Letters that Unicode had before its alphabets."""


def in_alphabet(letter: str, alphabet: str) -> str:
    """Return a letter of one of the ALPHABETS, or the letter as it is if the alphabet doesn't have it."""
    for start, (low, high) in zip(ALPHABETS[alphabet], _RANGES):
        if low <= letter <= high:
            moved = chr(ord(start) + ord(letter) - ord(low))
            return _ELSEWHERE.get(moved, moved)
    return letter
