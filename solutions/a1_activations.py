# %% [markdown] lang="en"
# # Activations, and where the gradient goes
#
# A deep network is a composition: linear layer, activation, linear layer, activation, … Written out for two hidden
# layers,
#
# $$
# \begin{aligned}
# \hat y &= h_2 \cdot W_3 + b_3 \\
# h_2 &= \sigma(\tilde h_2), \quad \tilde h_2 = h_1 \cdot W_2 + b_2 \\
# h_1 &= \sigma(\tilde h_1), \quad \tilde h_1 = x \cdot W_1 + b_1
# \end{aligned}
# $$
#
# The tilde separates the two halves of a layer: $\tilde h$ (in code `h_tilde`) is what the linear half gives, the
# **pre-activation**; $h$ is what the activation makes of it. The chain rule then splits each layer's factor in two,
#
# $$
# \frac{\partial \mathcal L}{\partial W_1}
# = \frac{\partial \mathcal L}{\partial \hat y}
# \cdot \frac{\partial \hat y}{\partial h_2}
# \cdot \boxed{\frac{\partial h_2}{\partial \tilde h_2}}
# \cdot \frac{\partial \tilde h_2}{\partial h_1}
# \cdot \boxed{\frac{\partial h_1}{\partial \tilde h_1}}
# \cdot \frac{\partial \tilde h_1}{\partial W_1},
# $$
#
# and the boxed ones are derivatives of activations. This notebook is about those boxes: how large they can be decides
# whether the layers near the input learn anything.
#
# **How to work.** Replace each `raise NotImplementedError` with your answer, run the cell, then run the `check` cell
# below it. `h_tilde` is a float64 array of any shape, also 0-d or empty; return an array of the same shape and don't
# change the input. NumPy is all you need.

# %% [markdown] lang="ko"
# # 활성 함수, 그리고 그래디언트가 가는 길
#
# 심층 신경망은 함수의 합성입니다. 선형 변환, 활성 함수, 다시 선형 변환, 활성 함수, … 은닉층이 둘이라면 다음과 같이 쓸 수 있습니다.
#
# $$
# \begin{aligned}
# \hat y &= h_2 \cdot W_3 + b_3 \\
# h_2 &= \sigma(\tilde h_2), \quad \tilde h_2 = h_1 \cdot W_2 + b_2 \\
# h_1 &= \sigma(\tilde h_1), \quad \tilde h_1 = x \cdot W_1 + b_1
# \end{aligned}
# $$
#
# 물결표는 한 층을 둘로 나눕니다. $\tilde h$(코드에서는 `h_tilde`)는 선형 변환의 결과, 곧 활성 함수에 들어가기 **전**의 값이고, $h$는
# 활성 함수를 통과한 값입니다. 그러면 연쇄 법칙에서 층마다 인수가 둘로 나뉩니다.
#
# $$
# \frac{\partial \mathcal L}{\partial W_1}
# = \frac{\partial \mathcal L}{\partial \hat y}
# \cdot \frac{\partial \hat y}{\partial h_2}
# \cdot \boxed{\frac{\partial h_2}{\partial \tilde h_2}}
# \cdot \frac{\partial \tilde h_2}{\partial h_1}
# \cdot \boxed{\frac{\partial h_1}{\partial \tilde h_1}}
# \cdot \frac{\partial \tilde h_1}{\partial W_1}
# $$
#
# 상자 안의 인수가 활성 함수의 도함수입니다. 이 노트북의 주제는 바로 이 상자입니다. 상자의 값이 얼마나 클 수 있는지가 입력에 가까운
# 층이 학습되는지 아닌지를 결정합니다.
#
# **푸는 방법.** `raise NotImplementedError`를 여러분의 답으로 바꾸고, 셀을 실행한 다음, 그 아래의 `check` 셀을 실행하세요. `h_tilde`는
# float64 배열이고 모양은 무엇이든 될 수 있습니다(0차원이거나 비어 있을 수도 있습니다). 같은 모양의 배열을 반환하고, 입력은 바꾸지
# 마세요. NumPy만 있으면 됩니다.

# %%
import numpy as np

from autograder import check

# %% [markdown] lang="en"
# ## The sigmoid
#
# $$\sigma(\tilde h) = \frac{1}{1 + e^{-\tilde h}}$$
#
# It runs from 0 to 1 and is ½ at 0. At $\tilde h = -10\,000$ the exponential is larger than any float64; as a float64 the
# sigmoid is simply 0 there, and your function should say so.

# %% [markdown] lang="ko"
# ## 시그모이드
#
# $$\sigma(\tilde h) = \frac{1}{1 + e^{-\tilde h}}$$
#
# 0과 1 사이의 값을 가지고, 0에서 ½입니다. $\tilde h = -10\,000$이면 지수 함수의 값은 float64로 나타낼 수 없을 만큼 커지지만,
# 시그모이드는 float64로 그냥 0입니다. 여러분의 함수도 그렇게 답해야 합니다.

# %% exercise="sigmoid"
def sigmoid(h_tilde):
    """The sigmoid of each entry of h_tilde."""
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(h_tilde))  # in (0, 1]: it can't overflow
    return np.where(np.asarray(h_tilde) >= 0, 1, small) / (1 + small)
    ### END SOLUTION

# %% [markdown] lang="en"
# ## Its derivative
#
# How much does $h$ change when $\tilde h$ does? Differentiate $\sigma$ with respect to $\tilde h$. You will find a form
# in which $h$ itself appears: whoever has computed $h$ on the way forward needs no second exponential on the way back.
#
# Two things to see in your result: at $\tilde h = 0$ it is ¼, and nowhere is it more. The weights left aside, at most
# $0.25^{40} \approx 10^{-24}$ of the gradient is left behind forty sigmoid layers.

# %% [markdown] lang="ko"
# ## 시그모이드의 도함수
#
# $\tilde h$가 변할 때 $h$는 얼마나 변할까요? $\sigma$를 $\tilde h$로 미분해 보세요. $h$ 자신이 들어 있는 꼴을 얻게 됩니다. 순전파에서
# $h$를 이미 계산했다면 역전파에서는 지수 함수를 다시 계산할 필요가 없다는 뜻입니다.
#
# 결과에서 두 가지를 확인하세요. $\tilde h = 0$에서 값은 ¼이고, 어디에서도 그보다 크지 않습니다. 가중치를 제쳐 두면, 시그모이드 층
# 마흔 개를 지난 그래디언트는 많아야 $0.25^{40} \approx 10^{-24}$배만 남습니다.

# %% exercise="sigmoid_derivative"
def sigmoid_derivative(h_tilde):
    """The derivative of the sigmoid with respect to h_tilde, at each entry of h_tilde."""
    ### BEGIN SOLUTION
    h = 1 / (1 + np.exp(-np.abs(h_tilde)))  # the derivative is even, so the sign may go
    return h * (1 - h)
    ### END SOLUTION

# %% [markdown] lang="en"
# ## tanh
#
# The hyperbolic tangent runs from −1 to 1 and is 0 at 0; `np.tanh` computes it. Its derivative reaches 1, but only at
# $\tilde h = 0$, and on both sides it vanishes even faster than the sigmoid's. Derive it, again in terms of $h = \tanh(\tilde h)$.

# %% [markdown] lang="ko"
# ## tanh
#
# 쌍곡탄젠트는 −1과 1 사이의 값을 가지고 0에서 0입니다. 값은 `np.tanh`로 계산합니다. 도함수는 1까지 커지지만 $\tilde h = 0$에서만
# 그렇고, 양쪽으로 갈수록 시그모이드의 도함수보다 더 빠르게 사라집니다. 이번에도 $h = \tanh(\tilde h)$를 써서 도함수를 구해 보세요.

# %% exercise="tanh_derivative"
def tanh_derivative(h_tilde):
    """The derivative of tanh with respect to h_tilde, at each entry of h_tilde."""
    ### BEGIN SOLUTION
    h = np.tanh(h_tilde)
    return (1 - h) * (1 + h)
    ### END SOLUTION

# %% [markdown] lang="en"
# Here is what you have written, each activation beside its derivative. (The pictures need matplotlib:
# `pip install matplotlib`. They are not graded.)

# %% [markdown] lang="ko"
# 지금까지 작성한 함수를 그려 봅시다. 왼쪽이 활성 함수, 오른쪽이 도함수입니다. (그림에는 matplotlib이 필요합니다: `pip install matplotlib`.
# 그림은 채점하지 않습니다.)

# %% tags=["experiment", "raises-exception"]
import matplotlib.pyplot as plt

from autograder.pictures import show

x = np.linspace(-6, 6, 241)
curves = {"sigmoid": (sigmoid(x), sigmoid_derivative(x)), "tanh": (np.tanh(x), tanh_derivative(x))}
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
for name, (h, slope) in curves.items():
    left.plot(x, h, label=name)
    right.plot(x, slope, label=f"{name}'")
left.set(title="h", xlabel="h_tilde")
right.set(title="local gradient", xlabel="h_tilde")
right.axhline(0.25, color="grey", linewidth=0.8, linestyle="dotted")
left.legend()
right.legend()
peaks = [slope[120] for _, slope in curves.values()]
show(figure, alt="Left, two curves that rise from left to right. Right, their slopes: "
     "at h_tilde = 0 the sigmoid's is {:.3g}, that of tanh {:.3g}.".format(*peaks))

# %% [markdown] lang="en"
# ## ReLU
#
# $$\mathrm{ReLU}(\tilde h) = \max(\tilde h, 0)$$
#
# The positive side goes through unchanged, however large; the negative side is switched off. So the local gradient is
# 1 on the right and 0 on the left, and nothing in between: what gets through a ReLU gets through whole.
#
# At exactly $\tilde h = 0$ there is a kink, and no derivative. By agreement it is 0 here, as in torch.

# %% [markdown] lang="ko"
# ## ReLU
#
# $$\mathrm{ReLU}(\tilde h) = \max(\tilde h, 0)$$
#
# 양수 쪽은 아무리 커도 그대로 통과하고, 음수 쪽은 꺼집니다. 따라서 국소 그래디언트(local gradient)는 오른쪽에서 1, 왼쪽에서 0이고 그
# 사이의 값은 없습니다. ReLU를 통과하는 그래디언트는 온전히 통과합니다.
#
# $\tilde h = 0$에서는 그래프가 꺾여 있어서 도함수가 없습니다. 여기서는 torch처럼 0으로 약속합니다.

# %% exercise="relu"
def relu(h_tilde):
    """The larger one of each entry of h_tilde and 0."""
    ### BEGIN SOLUTION
    return np.maximum(h_tilde, 0)
    ### END SOLUTION

# %% exercise="relu_derivative"
def relu_derivative(h_tilde):
    """The derivative of ReLU at each entry of h_tilde, as floats; 0 at exactly 0."""
    ### BEGIN SOLUTION
    return np.where(np.asarray(h_tilde) > 0, 1.0, 0.0)
    ### END SOLUTION

# %% [markdown] lang="en"
# ## The leak
#
# Where $\tilde h$ is negative, ReLU passes nothing back, so the weights in front of it don't change either. A unit that
# is off for every example usually stays off: it has died. The leaky ReLU keeps a small slope $0 \le a < 1$ on that side,
#
# $$
# \mathrm{LeakyReLU}(\tilde h) = \begin{cases} \tilde h & \tilde h > 0 \\ a \, \tilde h & \tilde h \le 0 \end{cases}
# $$
#
# At exactly 0 the derivative is $a$, by the same kind of agreement.

# %% [markdown] lang="ko"
# ## 새는 ReLU
#
# $\tilde h$가 음수이면 ReLU는 아무것도 거꾸로 보내지 않으므로 그 앞의 가중치도 변하지 않습니다. 모든 데이터에서 꺼져 있는 유닛은 대개
# 계속 꺼져 있게 되고, 이를 죽은 ReLU(dying ReLU)라고 부릅니다. Leaky ReLU는 음수 쪽에도 작은 기울기 $0 \le a < 1$을 남겨 둡니다.
#
# $$
# \mathrm{LeakyReLU}(\tilde h) = \begin{cases} \tilde h & \tilde h > 0 \\ a \, \tilde h & \tilde h \le 0 \end{cases}
# $$
#
# 정확히 0에서 도함수는 $a$로 약속합니다.

# %% exercise="leaky_relu"
def leaky_relu(h_tilde, slope):
    """h_tilde where it is positive, slope times h_tilde elsewhere; 0 <= slope < 1."""
    ### BEGIN SOLUTION
    return np.where(np.asarray(h_tilde) > 0, h_tilde, slope * h_tilde)
    ### END SOLUTION

# %% exercise="leaky_relu_derivative"
def leaky_relu_derivative(h_tilde, slope):
    """The derivative of the leaky ReLU at each entry of h_tilde; slope at exactly 0."""
    ### BEGIN SOLUTION
    return np.where(np.asarray(h_tilde) > 0, 1.0, slope)
    ### END SOLUTION

# %% [markdown] lang="en"
# ## Upstream times local is downstream
#
# On the way back an activation receives `dh`, the gradient of the loss with respect to its output $h$ (the **upstream**
# gradient), and hands on `dh_tilde`, the gradient with respect to its input $\tilde h$ (the **downstream** one). Between
# them stands the local gradient. Every entry of $h$ depends on its own entry of $\tilde h$ only, so
#
# $$\frac{\partial \mathcal L}{\partial \tilde h} = \frac{\partial \mathcal L}{\partial h} \odot \sigma'(\tilde h),$$
#
# entry by entry. `dh` has the shape of `h_tilde`, and it isn't all ones.

# %% [markdown] lang="ko"
# ## upstream × local = downstream
#
# 역전파에서 활성 함수는 출력 $h$에 대한 손실의 그래디언트 `dh`(**upstream** gradient)를 받아서, 입력 $\tilde h$에 대한 그래디언트
# `dh_tilde`(**downstream** gradient)를 넘겨줍니다. 그 사이에 국소 그래디언트가 있습니다. $h$의 각 성분은 $\tilde h$의 같은 자리
# 성분에만 의존하므로
#
# $$\frac{\partial \mathcal L}{\partial \tilde h} = \frac{\partial \mathcal L}{\partial h} \odot \sigma'(\tilde h)$$
#
# 곧 성분마다의 곱입니다. `dh`는 `h_tilde`와 모양이 같고, 모두 1인 배열이 아닙니다.

# %% exercise="sigmoid_backward"
def sigmoid_backward(dh, h_tilde):
    """The gradient with respect to h_tilde; dh is that with respect to h = sigmoid(h_tilde)."""
    ### BEGIN SOLUTION
    h = 1 / (1 + np.exp(-np.abs(h_tilde)))
    return dh * (h * (1 - h))
    ### END SOLUTION

# %% exercise="tanh_backward"
def tanh_backward(dh, h_tilde):
    """The gradient with respect to h_tilde; dh is that with respect to h = tanh(h_tilde)."""
    ### BEGIN SOLUTION
    h = np.tanh(h_tilde)
    return dh * ((1 - h) * (1 + h))
    ### END SOLUTION

# %% [markdown] lang="en"
# ## What depth makes of it
#
# Put the layers one behind the other, and the boxes multiply. `h_tildes` holds the pre-activations of a whole network, one
# layer after another along axis 0; what is left of a gradient of 1 behind all of them (the weights left aside) is the
# product of the local gradients over that axis. `activation` is `"sigmoid"`, `"tanh"` or `"relu"`.
#
# You may call the functions above; if one of them is still wrong, this one will be, too.

# %% [markdown] lang="ko"
# ## 층이 깊어지면
#
# 층을 이어 붙이면 상자들이 곱해집니다. `h_tildes`에는 신경망 전체의 $\tilde h$가 0번 축을 따라 층마다 차례로 들어 있습니다. 가중치를
# 제쳐 두면, 크기가 1인 그래디언트가 모든 층을 지나고 남는 것은 그 축을 따라 국소 그래디언트를 모두 곱한 값입니다. `activation`은
# `"sigmoid"`, `"tanh"`, `"relu"` 가운데 하나입니다.
#
# 위에서 작성한 함수를 불러 써도 됩니다. 다만 그 함수가 틀렸다면 이 함수도 틀리게 됩니다.

# %% exercise="attenuation"
def attenuation(h_tildes, activation):
    """The product of the local gradients over the layers.

    h_tildes has shape (depth, ...), the result shape (...).
    """
    ### BEGIN SOLUTION
    if activation == "relu":
        local = np.where(h_tildes > 0, 1.0, 0.0)
    elif activation == "tanh":
        local = 1 - np.tanh(h_tildes) ** 2
    else:
        h = 1 / (1 + np.exp(-np.abs(h_tildes)))
        local = h * (1 - h)
    return np.prod(local, axis=0)
    ### END SOLUTION

# %% [markdown] lang="en"
# Forty layers, a thousand units in each, pre-activations drawn from a standard normal distribution: how much of the
# gradient is left behind one, two, three, … layers? The lines are medians over the units; for ReLU, over those that are
# still on.

# %% [markdown] lang="ko"
# 층은 마흔 개, 층마다 유닛은 천 개, $\tilde h$는 표준정규분포에서 뽑습니다. 층을 하나, 둘, 셋, … 지날 때마다 그래디언트는 얼마나
# 남을까요? 선은 유닛들의 중앙값입니다. ReLU는 아직 켜져 있는 유닛만 셉니다.

# %% tags=["experiment", "raises-exception"]
h_tildes = np.random.default_rng(0).normal(size=(40, 1000))
depths = np.arange(1, 41)
left = {}
for name in ("sigmoid", "tanh", "relu"):
    products = np.array([attenuation(h_tildes[:depth], name) for depth in depths])
    left[name] = np.ma.median(np.ma.masked_equal(products, 0), axis=1)
figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
for name, medians in left.items():
    axes.semilogy(depths, medians, label=name)
axes.set(xlabel="layers", ylabel="gradient left")
axes.legend()
ends = {name: "none" if np.ma.getmaskarray(medians)[-1] else f"{medians[-1]:.1e}" for name, medians in left.items()}
summary = ", ".join(f"{end} for {name}" for name, end in ends.items())
show(figure, alt=f"The gradient left over depth. After forty layers: {summary}.")

# %% [markdown] lang="en"
# The curve of ReLU ends early: with pre-activations as random as these, no path of forty units is on all the way (the
# chance is $2^{-40}$). That is the other side of ReLU. Which units of a layer are dead for a batch? Rows of `h_tilde` are examples, columns
# are units; a unit is dead if its pre-activation is positive for none of the examples.

# %% [markdown] lang="ko"
# ReLU의 곡선은 일찍 끝납니다. $\tilde h$가 이렇게 무작위이면 마흔 개의 유닛이 모두 켜져 있는 경로는 거의 없습니다(확률은
# $2^{-40}$). 이것이 ReLU의
# 다른 면입니다. 배치 하나에 대해 어떤 유닛이 죽어 있을까요? `h_tilde`의 행은 데이터, 열은 유닛입니다. 어느 데이터에서도 $\tilde h$가
# 양수가 아닌 유닛이 죽은 유닛입니다.

# %% exercise="dead_units"
def dead_units(h_tilde):
    """Which units are dead in a batch.

    h_tilde has shape (N, D), N at least 1; the result is bool, of shape (D,).
    """
    ### BEGIN SOLUTION
    return np.all(h_tilde <= 0, axis=0)
    ### END SOLUTION

# %% [markdown] lang="en"
# ## On real data
#
# The 1797 handwritten digits that come with scikit-learn (`pip install scikit-learn`) go through twenty layers of
# sixty-four units with random weights, and a random gradient comes back through your functions. The picture shows how
# large the gradient is when it arrives at each layer. Try other scales of the weights. Why does the number of dead units
# stay the same?

# %% [markdown] lang="ko"
# ## 실제 데이터에서
#
# scikit-learn에 들어 있는 손글씨 숫자 1797개(`pip install scikit-learn`)를 가중치가 무작위인 예순네 유닛짜리 층 스무 개에 통과시키고,
# 무작위 그래디언트를 여러분의 함수로 역전파합니다. 그림은 각 층에 도착하는 그래디언트의 크기입니다. 가중치의 크기를 바꾸어 보세요.
# 죽은 유닛의 수는 왜 그대로일까요?

# %% tags=["experiment", "raises-exception"]
from sklearn.datasets import load_digits

x = load_digits().data / 16 - 0.3
passes = {
    "sigmoid": (sigmoid, sigmoid_backward),
    "tanh": (np.tanh, tanh_backward),
    "relu": (relu, lambda dh, h_tilde: dh * relu_derivative(h_tilde)),
}
scale = np.sqrt(2)  # of the weights, times 1 / sqrt(fan_in)
sizes = {}
for name, (forward, backward) in passes.items():
    rng = np.random.default_rng(1)
    weights = [rng.normal(0, scale / np.sqrt(64), (64, 64)) for _ in range(20)]
    h, h_tildes = x, []
    for W in weights:
        h_tildes.append(h @ W)
        h = forward(h_tildes[-1])
    dh, norms = rng.normal(size=h.shape), []
    for W, h_tilde in zip(reversed(weights), reversed(h_tildes)):
        dh_tilde = backward(dh, h_tilde)
        norms.append(np.linalg.norm(dh_tilde))
        dh = dh_tilde @ W.T
    dead = sum(dead_units(h_tilde).sum() for h_tilde in h_tildes)
    sizes[name + (f", {dead} dead units" if name == "relu" else "")] = norms
figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
for label, norms in sizes.items():
    axes.semilogy(range(20, 0, -1), norms, marker=".", label=label)
axes.set(xlabel="layer (1 is next to the input)", ylabel="size of the gradient", xticks=[1, 5, 10, 15, 20])
axes.legend()
summary = ", ".join(f"{norms[-1] / norms[0]:.2g} with {label}" for label, norms in sizes.items())
show(figure, alt="Size of the gradient at each of twenty layers. "
     f"From the last to the first it changes by a factor {summary}.")

# %% [markdown] lang="en" question="why_the_first_layers"
# ## In your own words
#
# In the picture above the three lines differ most at layer 1. Explain in three to five sentences why, with the boxes of
# the first formula: which factor is responsible, how large can it be for each of the three, and what does a leak change?
# (The weights are the same for all three; alone they would multiply the gradient by about $\sqrt 2$ in each layer.)
#
# *(Write your answer here, in place of this line. A person reads it.)*

# %% [markdown] lang="ko" question="why_the_first_layers"
# ## 여러분의 말로
#
# 위의 그림에서 세 선은 1번 층에서 가장 많이 차이 납니다. 왜 그런지 첫 번째 식의 상자를 써서 세 문장에서 다섯 문장으로 설명해 보세요. 어떤 인수
# 때문일까요? 세 활성 함수에서 그 인수는 각각 얼마나 클 수 있을까요? 음수 쪽의 기울기를 남겨 두면 무엇이 달라질까요?
# (가중치는 셋 모두 같습니다. 가중치만 있다면 그래디언트는 층마다 약 $\sqrt 2$배가 됩니다.)
#
# *(이 줄을 지우고 답을 쓰세요. 사람이 읽고 채점합니다.)*

# %% [markdown] lang="en"
# ## Before you hand in
#
# Save, then run the cell below. It runs your notebook from the top in a fresh process, as the grader will: a function
# that only works because of a cell you have deleted since will not work there. Some properties are hidden; they make the
# same claims about inputs that you haven't seen.

# %% [markdown] lang="ko"
# ## 제출하기 전에
#
# 저장한 다음 아래의 셀을 실행하세요. 채점할 때처럼 새 프로세스에서 노트북을 처음부터 실행합니다. 이미 지워 버린 셀 덕분에 돌아가던
# 함수는 거기에서는 돌아가지 않습니다. 숨은 성질도 있습니다. 같은 주장을 여러분이 보지 못한 입력에 대해 확인합니다.

# %% tags=["experiment"]
check()
