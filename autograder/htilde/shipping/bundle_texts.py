"""The texts of a bundle's start page in every language; ``$wheel`` and the like in them stand for names."""

from __future__ import annotations

__all__ = ["INSTALL", "NAMES", "PAGE", "SELF_STUDY", "STUDENT"]

NAMES = {"en": "English", "ko": "한국어"}

PAGE = """\
<!DOCTYPE html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark }
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
html, body { word-break: keep-all; overflow-wrap: anywhere }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2rem } section + section { margin-top: 4rem }
pre { padding: .7em 1em; background: #8882; white-space: pre-wrap; border-radius: 4px; word-break: normal }
code { font-family: ui-monospace, monospace; font-size: .92em } dt { font-weight: 600 }
</style>
</head>
<body>
<nav>$links</nav>
$sections
</body>
</html>
"""

INSTALL = {
    "en": """\
<h2>1. Install</h2>
<p>You need Python 3.11 or later and, once, the internet. Open a terminal in this folder, the one that this page lies
in.</p>
<p>Linux and macOS:</p>
<pre>python3 -m venv .venv
source .venv/bin/activate
pip install "./$wheel[$extras]"</pre>
<p>Windows (Command Prompt or PowerShell):</p>
<pre>py -m venv .venv
.venv\\Scripts\\activate
pip install "./$wheel[$extras]"</pre>
<p>If PowerShell says that running scripts is disabled, use the Command Prompt (cmd). <code>[$extras]</code> brings
JupyterLab and what the pictures are drawn with. Whoever has an editor for notebooks may leave it out: then only NumPy
and a few small packages come along, and all checks work.</p>
<p>Whenever you open a new terminal, the second line comes first.</p>
""",
    "ko": """\
<h2>1. 설치하기</h2>
<p>Python 3.11 이상이 필요하고, 설치할 때 한 번은 인터넷에 연결되어 있어야 합니다. 이 페이지가 들어 있는 폴더에서
터미널을 여세요.</p>
<p>Linux와 macOS:</p>
<pre>python3 -m venv .venv
source .venv/bin/activate
pip install "./$wheel[$extras]"</pre>
<p>Windows(명령 프롬프트 또는 PowerShell):</p>
<pre>py -m venv .venv
.venv\\Scripts\\activate
pip install "./$wheel[$extras]"</pre>
<p>PowerShell에서 스크립트를 실행할 수 없다고 나오면 명령 프롬프트(cmd)를 쓰세요. <code>[$extras]</code>을 붙이면
JupyterLab과 그림 그리는 패키지가 함께 설치됩니다. 노트북을 열 수 있는 편집기가 이미 있다면 빼도 됩니다. 그러면 NumPy와
작은 패키지 몇 개만 설치되고, 검사는 모두 그대로 할 수 있습니다.</p>
<p>터미널을 새로 열면 둘째 줄을 먼저 실행하세요.</p>
""",
}
"""The first step of either page: installing the kit."""

STUDENT = {
    "en": """\
<h1>$title</h1>
<p>Here are $count: notebooks in which functions are missing, and the papers that check what you write. Each paper
(<code>.paper</code>) stays beside its notebook.</p>
$install
<h2>2. See that it works</h2>
<pre>htilde check $assignment</pre>
<p>It runs the notebook from a clean start and tells of each exercise: nothing is implemented yet.</p>
<h2>3. The first exercise</h2>
<pre>jupyter lab $assignment/$assignment.ipynb</pre>
<p>Find the function <code>$exercise</code> and replace the line that raises <code>NotImplementedError</code>. Run the
cell, then the one below it, <code>check("$exercise")</code>: it says what is right, or which mistake it looks like. At
the end save the notebook and check it as a whole, as above.</p>
<h2>4. Hand in</h2>
<p>Hand in the notebook under its own name, <code>$assignment.ipynb</code>, in the way that your course says. Cells may
be added, but leave the given ones in place. When it is graded, further inputs are tried that nobody has seen.</p>
""",
    "ko": """\
<h1>$title</h1>
<p>함수가 빠져 있는 노트북과, 여러분이 쓴 코드를 검사하는 문제지가 들어 있습니다($count). 문제지(<code>.paper</code>)는
노트북과 같은 폴더에 그대로 두세요.</p>
$install
<h2>2. 잘 되는지 확인하기</h2>
<pre>htilde check $assignment</pre>
<p>노트북을 처음부터 새로 실행하고 문제마다 결과를 알려 줍니다. 지금은 아직 아무것도 구현되지 않았다고 나옵니다.</p>
<h2>3. 첫 번째 문제</h2>
<pre>jupyter lab $assignment/$assignment.ipynb</pre>
<p><code>$exercise</code> 함수를 찾아 <code>NotImplementedError</code>를 일으키는 줄을 여러분의 답으로 바꾸세요. 그 셀을
실행하고 바로 아래의 <code>check("$exercise")</code>도 실행하세요. 맞았는지, 틀렸다면 어떤 실수처럼 보이는지 알려
줍니다. 다 풀었으면 노트북을 저장하고 위의 명령으로 전체를 검사하세요.</p>
<h2>4. 제출하기</h2>
<p>노트북을 <code>$assignment.ipynb</code>라는 이름 그대로, 수업에서 안내한 방법으로 제출하세요. 셀을 더해도 되지만 원래
있던 셀은 그대로 두세요. 채점할 때는 아무도 보지 못한 입력으로도 검사합니다.</p>
""",
}

SELF_STUDY = {
    "en": """\
<h1>$title: alone</h1>
<p>Here are $count in English and Korean, with hints, hidden tests and, once you have passed them, solutions. Whatever
is in <code>material</code> is for the program; your own work goes into a folder of its own.</p>
$install
<h2>2. Begin</h2>
<pre>htilde start my-work
cd my-work
htilde watch</pre>
<p><code>start</code> makes the folder <code>my-work</code>; with <code>--lang ko</code> in Korean, with
<code>--format py</code> as plain <code>.py</code> files for an editor. <code>watch</code> stays open and looks at each
file that you save.</p>
<h2>3. The first exercise</h2>
<p>In a second terminal, activated as above:</p>
<pre>jupyter lab my-work/$assignment/$assignment.ipynb</pre>
<p>Find the function <code>$exercise</code>, replace the line that raises <code>NotImplementedError</code>, save. At
once <code>watch</code> says what is right, or which mistake it looks like, and what comes next.</p>
<pre>htilde hint $exercise</pre>
<p>gives a hint: first the idea, then the formula. After an exercise has passed, hidden tests included,
<code>htilde solution $exercise</code> shows the reference beside your own.</p>
""",
    "ko": """\
<h1>$title: 혼자 공부하기</h1>
<p>영어와 한국어 과제가 들어 있습니다($count). 힌트와 숨은 테스트가 있고, 통과하면 풀이도 볼 수 있습니다.
<code>material</code> 폴더는 프로그램이 쓰는 것이고, 여러분의 작업은 따로 만드는 폴더에 들어갑니다.</p>
$install
<h2>2. 시작하기</h2>
<pre>htilde start my-work --lang ko
cd my-work
htilde watch</pre>
<p><code>start</code>는 <code>my-work</code> 폴더를 만듭니다. <code>--lang ko</code>를 빼면 영어로, <code>--format
py</code>를 붙이면 편집기에서 쓰는 <code>.py</code> 파일로 만듭니다. <code>watch</code>는 켜진 채로 있으면서 저장하는
파일마다 검사합니다.</p>
<h2>3. 첫 번째 문제</h2>
<p>터미널을 하나 더 열고(위에서처럼 둘째 줄을 먼저 실행하고):</p>
<pre>jupyter lab my-work/$assignment/$assignment.ipynb</pre>
<p><code>$exercise</code> 함수를 찾아 <code>NotImplementedError</code>를 일으키는 줄을 여러분의 답으로 바꾸고
저장하세요. 그러면 맞았는지, 틀렸다면 어떤 실수처럼 보이는지, 다음에 무엇을 할지 <code>watch</code>가 바로
알려 줍니다.</p>
<pre>htilde hint $exercise</pre>
<p>이 명령은 힌트를 보여 줍니다. 처음에는 아이디어를, 그다음에는 식을 알려 줍니다. 숨은 테스트까지 통과하면
<code>htilde solution $exercise</code>로 모범 답안을 여러분의 답과 나란히 볼 수 있습니다.</p>
""",
}
