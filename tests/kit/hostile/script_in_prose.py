# tries: a script, a frame, a form and an event handler in prose, and mathematics that links
# grader: shows prose and mathematics, and none of these
# earns: sigmoid 2

# %% [markdown]
# A note.
<script>alert("prose")</script><iframe src="https://127.0.0.1/"></iframe>
<form action="https://127.0.0.1/"><input autofocus onfocus="alert(1)"></form>
<img src=x onerror="alert(2)"> <a href="javascript:alert(3)">grade</a> <svg onload="alert(4)"></svg>
$$\href{javascript:alert(5)}{x} \style{background: url(javascript:alert(6))}{y}$$
<meta http-equiv="refresh" content="0; url=https://127.0.0.1/"><base href="https://127.0.0.1/"><style>*{display:none}</style>
