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
# 상자 안의 인수가 활성 함수의 도함수입니다. 이 노트북의 주제는 바로 이 상자입니다. 상자의 값이 얼마나 커질 수
# 있느냐에 따라 입력에 가까운 층이 학습되는지가 정해집니다.
#
# **푸는 방법.** `raise NotImplementedError`를 여러분의 답으로 바꾸고, 셀을 실행한 다음, 그 아래의 `check` 셀을 실행하세요. `h_tilde`는
# float64 배열이고 모양은 무엇이든 될 수 있습니다(0차원이거나 비어 있을 수도 있습니다). 같은 모양의 배열을 반환하고, 입력은 바꾸지
# 마세요. NumPy만 있으면 됩니다.

# %%
import numpy as np

from htilde import check

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

# %% [markdown] idea="sigmoid" lang="en"
# A fraction keeps its value when numerator and denominator are multiplied by
# the same number. Look for two ways to write this one: one in which the
# exponential stays small for positive h̃, and one in which it stays small for
# negative h̃.

# %% [markdown] idea="sigmoid" lang="ko"
# 분자와 분모에 같은 수를 곱해도 분수의 값은 그대로입니다. 이 분수를 두 가지
# 꼴로 써 보세요. 하나는 h̃가 양수일 때, 다른 하나는 h̃가 음수일 때 지수
# 함수의 값이 커지지 않는 꼴입니다.

# %% [markdown] formula="sigmoid" lang="en"
# h = 1 / (1 + e^(−h̃))      where h̃ ≥ 0
# h = e^h̃ / (1 + e^h̃)       where h̃ < 0
# In both lines the exponent is −|h̃|, so the exponential is at most 1.

# %% [markdown] formula="sigmoid" lang="ko"
# h = 1 / (1 + e^(−h̃))      (h̃ ≥ 0)
# h = e^h̃ / (1 + e^h̃)       (h̃ < 0)
# 두 식 모두 지수가 −|h̃|이므로, 지수 함수의 값은 1을 넘지 않습니다.

# %% [markdown] commentary="sigmoid" lang="en"
# Multiply 1/(1 + e^(−h̃)) by e^h̃ above and below, and you have the form for
# negative h̃. Both have the denominator 1 + `small`; only the numerator is
# chosen. `np.where` computes both candidates before it picks one, so it can't
# prevent an overflow: here it needn't, for `small` is never more than 1. The
# plain form gives the right values, too, but NumPy warns where its
# exponential becomes infinite. torch has `torch.sigmoid`. In float64 it is
# exactly 1 at h̃ = 40 and 4e-18 at −40: floats are dense near 0, not near 1.

# %% [markdown] commentary="sigmoid" lang="ko"
# 1/(1 + e^(−h̃))의 분자와 분모에 e^h̃를 곱하면 음수를 위한 꼴이 됩니다.
# 분모는 두 꼴 모두 1 + `small`이어서 분자만 고르면 됩니다. `np.where`는 두
# 후보를 모두 계산한 다음에 고르므로 넘침(overflow)을 막아 주지 못합니다.
# 여기서는 `small`이 1을 넘지 않으니 막을 것이 없습니다. 정의 그대로 계산해도
# 값은 맞지만, 지수 함수가 무한대가 되는 곳에서 NumPy가 경고합니다.
# torch에서는 `torch.sigmoid`입니다. float64에서 h̃ = 40이면 정확히 1이고,
# −40이면 4e-18입니다. 부동소수점 수는 0 근처에서는 촘촘하지만 1 근처에서는
# 그렇지 않습니다.

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
# 마흔 개를 지난 그래디언트는 아무리 많아도 약 $0.25^{40} \approx 10^{-24}$배밖에 남지 않습니다.

# %% exercise="sigmoid_derivative"
def sigmoid_derivative(h_tilde):
    """The derivative of the sigmoid with respect to h_tilde, at each entry of h_tilde."""
    ### BEGIN SOLUTION
    h = 1 / (1 + np.exp(-np.abs(h_tilde)))  # the derivative is even, so the sign may go
    return h * (1 - h)
    ### END SOLUTION

# %% [markdown] idea="sigmoid_derivative" lang="en"
# Read the sigmoid as a power, (1 + e^(−h̃))^(−1), and use the chain rule.
# Then write the result as a product of two fractions. One of them is h; what
# do the two add up to? As a check, h̃ and −h̃ must give the same number.

# %% [markdown] idea="sigmoid_derivative" lang="ko"
# 시그모이드를 거듭제곱 (1 + e^(−h̃))^(−1)로 보고 연쇄 법칙을 써 보세요. 그
# 결과를 두 분수의 곱으로 쓰면 하나는 h입니다. 두 분수를 더하면 얼마일까요?
# h̃와 −h̃에서 같은 값이 나오는지도 확인해 보세요.

# %% [markdown] formula="sigmoid_derivative" lang="en"
# ∂h/∂h̃ = h · (1 − h),  where h = σ(h̃)

# %% [markdown] formula="sigmoid_derivative" lang="ko"
# ∂h/∂h̃ = h · (1 − h),  여기서 h = σ(h̃)

# %% [markdown] commentary="sigmoid_derivative" lang="en"
# ∂h/∂h̃ = e^(−h̃)/(1 + e^(−h̃))² = h · (1 − h), for e^(−h̃)/(1 + e^(−h̃)) is
# 1 − h. The derivative is even, so the reference takes the sigmoid of |h̃|,
# whose exponential can't overflow. The form in h is cheap: torch keeps the
# output of `torch.sigmoid` for the way back, not h̃, and needs no second
# exponential. Its price is the difference 1 − h. From about h̃ = 37 on it is
# exactly 0, where the true slope is still 9e-17; with s = e^(−|h̃|),
# s / (1 + s)² keeps all its digits there.

# %% [markdown] commentary="sigmoid_derivative" lang="ko"
# e^(−h̃)/(1 + e^(−h̃))가 1 − h이므로 ∂h/∂h̃ = e^(−h̃)/(1 + e^(−h̃))² =
# h · (1 − h)입니다. 도함수는 좌우 대칭이므로 모범 답안은 |h̃|의 시그모이드를
# 구합니다. 그러면 지수 함수가 넘치지 않습니다. h로 나타낸 꼴은 계산이
# 적습니다. torch도 역전파를 위해 h̃가 아니라 `torch.sigmoid`의 출력을
# 간직하므로 지수 함수를 다시 계산하지 않습니다. 대신 1 − h에서 자릿수를
# 잃습니다. h̃가 37쯤부터는 정확히 0이지만 실제 기울기는 9e-17입니다.
# s = e^(−|h̃|)로 두고 s / (1 + s)²을 계산하면 거기에서도 자릿수를 잃지
# 않습니다.

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

# %% [markdown] idea="tanh_derivative" lang="en"
# tanh is sinh divided by cosh, and each of the two is the derivative of the
# other. Use the quotient rule and divide each term of the numerator by the
# denominator: one becomes a number, the other is made of h alone.

# %% [markdown] idea="tanh_derivative" lang="ko"
# tanh는 sinh를 cosh로 나눈 것이고, 둘은 서로의 도함수입니다. 몫의 미분법을 쓴
# 다음 분자의 항을 하나씩 분모로 나누어 보세요. 한 항은 수가 되고, 다른 항은
# h만으로 나타낼 수 있습니다.

# %% [markdown] formula="tanh_derivative" lang="en"
# ∂h/∂h̃ = 1 − h²,  where h = tanh(h̃)

# %% [markdown] formula="tanh_derivative" lang="ko"
# ∂h/∂h̃ = 1 − h²,  여기서 h = tanh(h̃)

# %% [markdown] commentary="tanh_derivative" lang="en"
# (sinh/cosh)' = (cosh² − sinh²)/cosh² = 1 − h². The reference writes it as
# (1 − h) · (1 + h). Near h = ±1 the small one of the two factors is exact,
# while h² would be rounded once more before it is taken from 1; little more
# remains than the rounding of h itself. `np.tanh` can't overflow, unlike a
# quotient of exponentials. torch keeps the output of `torch.tanh` for the way
# back, as with the sigmoid. From about h̃ = 19 on, h is exactly 1 in float64,
# and the slope exactly 0.

# %% [markdown] commentary="tanh_derivative" lang="ko"
# (sinh/cosh)' = (cosh² − sinh²)/cosh² = 1 − h²입니다. 모범 답안은 이것을
# (1 − h) · (1 + h)로 씁니다. h가 ±1에 가까우면 두 인수 가운데 작은 쪽은 오차
# 없이 계산되어, 거의 h 자신의 반올림 오차만 남습니다. h²을 쓰면 1에서 빼기
# 전에 한 번 더 반올림됩니다. `np.tanh`는 지수 함수의 몫과 달리 넘치지
# 않습니다. torch는 시그모이드에서처럼 역전파를 위해 `torch.tanh`의 출력을
# 간직합니다. h̃가 19쯤부터는 float64에서 h가 정확히 1이고 기울기는 정확히
# 0입니다.

# %% [markdown] lang="en"
# Here is what you have written, each activation beside its derivative. (The pictures need matplotlib:
# `pip install matplotlib`. They are not graded.)

# %% [markdown] lang="ko"
# 지금까지 작성한 함수를 그려 봅시다. 왼쪽이 활성 함수, 오른쪽이 도함수입니다. (그림에는 matplotlib이 필요합니다: `pip install matplotlib`.
# 그림은 채점하지 않습니다.)

# %% tags=["experiment", "raises-exception"]
import matplotlib.pyplot as plt

from htilde.pictures import show

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

# %% [markdown] idea="relu" lang="en"
# Each entry is compared with 0 on its own, and the shape stays. NumPy has one
# function that compares two arrays entry by entry, and another one that looks
# for the largest entry of an array. Try both on [−1, 0, 2].

# %% [markdown] idea="relu" lang="ko"
# 성분마다 따로 0과 비교하고, 배열의 모양은 그대로입니다. NumPy에는 두 배열을
# 성분끼리 비교하는 함수와 한 배열에서 가장 큰 성분을 찾는 함수가 따로
# 있습니다. [−1, 0, 2]로 둘 다 시험해 보세요.

# %% [markdown] formula="relu" lang="en"
# h = max(h̃, 0), entry by entry:  h̃ where h̃ > 0, otherwise 0

# %% [markdown] formula="relu" lang="ko"
# 성분마다 h = max(h̃, 0):  h̃ > 0이면 h̃, 아니면 0

# %% [markdown] commentary="relu" lang="en"
# `np.maximum` compares entry by entry and lets the 0 stand for a whole array;
# `np.max` would look for the largest entry. There is no exponential, so
# nothing overflows and nothing saturates on the right. A NaN stays a NaN, as
# in `torch.relu`, so it isn't hidden. `h_tilde * (h_tilde > 0)` has the same
# values, except at −∞, where it is NaN. torch also has `clamp(min=0)`; its
# values are the same, but not its derivative at exactly 0, which is 1.

# %% [markdown] commentary="relu" lang="ko"
# `np.maximum`은 성분끼리 비교하고, 0은 브로드캐스팅으로 모든 성분과
# 비교됩니다. `np.max`였다면 가장 큰 성분을 찾았을 것입니다. 지수 함수가
# 없으니 넘칠 일이 없고, 오른쪽에서 포화되지도 않습니다. `torch.relu`에서처럼
# NaN은 NaN으로 남아서 문제가 감추어지지 않습니다. `h_tilde * (h_tilde > 0)`의
# 값도 같지만, −∞에서는 NaN이 됩니다. torch에는 `clamp(min=0)`도 있습니다.
# 값은 같아도 정확히 0에서의 도함수는 같지 않고, 1입니다.

# %% exercise="relu_derivative"
def relu_derivative(h_tilde):
    """The derivative of ReLU at each entry of h_tilde, as floats; 0 at exactly 0."""
    ### BEGIN SOLUTION
    return np.where(np.asarray(h_tilde) > 0, 1.0, 0.0)
    ### END SOLUTION

# %% [markdown] idea="relu_derivative" lang="en"
# The graph of ReLU is made of two straight lines. How steep is each? How
# large h̃ is plays no part, only on which side it lies. What remains is to
# which of the two lines 0 belongs.

# %% [markdown] idea="relu_derivative" lang="ko"
# ReLU의 그래프는 직선 두 개로 이루어져 있습니다. 두 직선의 기울기는 각각
# 얼마일까요? h̃의 크기는 상관없고, 어느 쪽에 있는지만 중요합니다. 남은 것은
# 0이 어느 쪽에 속하는지입니다.

# %% [markdown] formula="relu_derivative" lang="en"
# ∂h/∂h̃ = 1 where h̃ > 0
# ∂h/∂h̃ = 0 where h̃ ≤ 0

# %% [markdown] formula="relu_derivative" lang="ko"
# ∂h/∂h̃ = 1  (h̃ > 0)
# ∂h/∂h̃ = 0  (h̃ ≤ 0)

# %% [markdown] commentary="relu_derivative" lang="en"
# To the right of 0, h is h̃ and its slope 1; to the left h is constant. The
# comparison is strict, so the kink belongs to the left. Any slope from 0 to 1
# could be defended there; `torch.relu` has 0, but in torch `clamp(min=0)` has
# 1, and `torch.maximum` of h̃ and 0 has ½. `1.0` and `0.0` make the result a
# float array, where the comparison alone gives bools. torch keeps the output
# for the way back, not h̃: h is positive exactly where h̃ is.

# %% [markdown] commentary="relu_derivative" lang="ko"
# 0의 오른쪽에서는 h가 h̃이므로 기울기가 1이고, 왼쪽에서는 h가 상수입니다.
# 등호가 없는 부등호를 썼으므로 꺾인 점은 왼쪽에 속합니다. 그 점에서는 0부터
# 1까지 어떤 값을 택해도 근거가 있습니다. `torch.relu`는 0이지만, 같은
# torch에서도 `clamp(min=0)`는 1이고 h̃와 0의 `torch.maximum`은 ½입니다.
# `1.0`과 `0.0` 덕분에 결과는 실수 배열이 됩니다. 비교만 하면 bool입니다.
# torch가 역전파를 위해 간직하는 것은 h̃가 아니라 출력입니다. h̃가 양수인 곳과
# h가 양수인 곳이 같기 때문입니다.

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
# ## Leaky ReLU (새는 ReLU)
#
# $\tilde h$가 음수이면 ReLU는 아무것도 거꾸로 보내지 않으므로 그 앞의 가중치도 변하지 않습니다. 모든 데이터에서 꺼져 있는 유닛은 대개
# 계속 꺼져 있게 되고, 이런 유닛을 죽은 유닛, 이런 현상을 dying ReLU라고 부릅니다. Leaky ReLU는 음수 쪽에도 작은 기울기 $0 \le a < 1$을 남겨 둡니다.
#
# $$
# \mathrm{LeakyReLU}(\tilde h) = \begin{cases} \tilde h & \tilde h > 0 \\ a \, \tilde h & \tilde h \le 0 \end{cases}
# $$
#
# 정확히 0에서의 도함수는 $a$로 약속합니다.

# %% exercise="leaky_relu"
def leaky_relu(h_tilde, slope):
    """h_tilde where it is positive, slope times h_tilde elsewhere; 0 <= slope < 1."""
    ### BEGIN SOLUTION
    return np.where(np.asarray(h_tilde) > 0, h_tilde, slope * h_tilde)
    ### END SOLUTION

# %% [markdown] idea="leaky_relu" lang="en"
# Two straight lines again, and both go through 0, so at the kink either gives
# the same value. For each entry there are two candidates, and a choice
# between them. Which NumPy function chooses entry by entry?

# %% [markdown] idea="leaky_relu" lang="ko"
# 이번에도 직선 두 개이고, 둘 다 0을 지나므로 꺾인 점에서는 어느 쪽으로
# 계산해도 값이 같습니다. 성분마다 후보가 둘 있고, 그중 하나를 고르면 됩니다.
# 성분마다 골라 주는 NumPy 함수는 무엇일까요?

# %% [markdown] formula="leaky_relu" lang="en"
# h = h̃       where h̃ > 0
# h = a · h̃   where h̃ ≤ 0,  with a = `slope`

# %% [markdown] formula="leaky_relu" lang="ko"
# h = h̃       (h̃ > 0)
# h = a · h̃   (h̃ ≤ 0),  여기서 a = `slope`

# %% [markdown] commentary="leaky_relu" lang="en"
# `np.where` has both lines computed for all entries and picks one for each.
# Since a < 1, the larger of the two is always the right one, so
# `np.maximum(h_tilde, slope * h_tilde)` does the same; with a > 1 it would
# pick the wrong side. At a = 0 this is ReLU. At a = 1 it would be no
# activation at all, and two linear layers in a row are one. torch has
# `torch.nn.functional.leaky_relu`, with a = 0.01 if nothing else is said.

# %% [markdown] commentary="leaky_relu" lang="ko"
# `np.where`는 모든 성분에 대해 두 직선을 다 계산한 다음 성분마다 하나를
# 고릅니다. a < 1이면 둘 중 큰 쪽이 언제나 맞는 쪽이므로
# `np.maximum(h_tilde, slope * h_tilde)`도 같습니다. a > 1이라면 반대쪽을
# 고르게 됩니다. a = 0이면 ReLU입니다. a = 1이라면 활성 함수가 없는 것과 같고,
# 잇달아 놓인 선형 층 두 개는 하나나 마찬가지입니다. torch에서는
# `torch.nn.functional.leaky_relu`이고, 따로 정하지 않으면 a = 0.01입니다.

# %% exercise="leaky_relu_derivative"
def leaky_relu_derivative(h_tilde, slope):
    """The derivative of the leaky ReLU at each entry of h_tilde; slope at exactly 0."""
    ### BEGIN SOLUTION
    return np.where(np.asarray(h_tilde) > 0, 1.0, slope)
    ### END SOLUTION

# %% [markdown] idea="leaky_relu_derivative" lang="en"
# Take your answer for ReLU's derivative and ask which of its two numbers the
# leak changes. With `slope` = 0 the two functions must agree, at 0 as well.

# %% [markdown] idea="leaky_relu_derivative" lang="ko"
# ReLU의 도함수에서 구한 답을 떠올려 보세요. 음수 쪽에 기울기를 남겨 두면 두
# 수 가운데 어느 것이 달라질까요? `slope` = 0이면 0에서까지 두 함수가 같아야
# 합니다.

# %% [markdown] formula="leaky_relu_derivative" lang="en"
# ∂h/∂h̃ = 1 where h̃ > 0
# ∂h/∂h̃ = a where h̃ ≤ 0,  with a = `slope`

# %% [markdown] formula="leaky_relu_derivative" lang="ko"
# ∂h/∂h̃ = 1  (h̃ > 0)
# ∂h/∂h̃ = a  (h̃ ≤ 0),  여기서 a = `slope`

# %% [markdown] commentary="leaky_relu_derivative" lang="en"
# The slopes of the two lines h̃ and a · h̃. At the kink
# `torch.nn.functional.leaky_relu` takes a, so the comparison is strict here,
# too. `np.where` stretches 1.0 and `slope` to the shape of the condition;
# that is why a single number and an empty array need no case of their own.
# The result depends on the side alone: far to the left the slope is a, and it
# never becomes 0 as that of sigmoid and tanh does. A small a is still small:
# through forty layers on that side, 0.01^40 = 1e-80 is left.

# %% [markdown] commentary="leaky_relu_derivative" lang="ko"
# 두 직선 h̃와 a · h̃의 기울기입니다. 꺾인 점에서
# `torch.nn.functional.leaky_relu`는 a를 택하므로 여기서도 등호가 없는
# 부등호를 씁니다. `np.where`는 1.0과 `slope`를 조건의 모양에 맞추어 늘려
# 줍니다. 그래서 수 하나나 빈 배열을 따로 다룰 필요가 없습니다. 결과는 어느
# 쪽인지에만 달려 있습니다. 왼쪽으로 아무리 멀어도 기울기는 a이고,
# 시그모이드나 tanh처럼 0으로 가지 않습니다. 그래도 작은 a는 작습니다. 마흔
# 층을 모두 왼쪽으로 지나면 0.01^40 = 1e-80만 남습니다.

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

# %% [markdown] idea="sigmoid_backward" lang="en"
# Take a single entry. If h̃ moves by a tiny t, by how much does h move, and
# by how much the loss? You have written the first factor earlier; the second
# one comes in as `dh`. No entry has anything to do with its neighbours.

# %% [markdown] idea="sigmoid_backward" lang="ko"
# 성분 하나만 생각해 보세요. h̃가 아주 작은 t만큼 움직이면 h는 얼마나
# 움직이고, 손실은 얼마나 움직일까요? 첫 번째 인수는 앞에서 이미 작성했고, 두
# 번째 인수는 `dh`로 들어옵니다. 이웃한 성분끼리는 아무 상관이 없습니다.

# %% [markdown] formula="sigmoid_backward" lang="en"
# ∂L/∂h̃ = dh ⊙ h ⊙ (1 − h),  where h = σ(h̃) and dh = ∂L/∂h

# %% [markdown] formula="sigmoid_backward" lang="ko"
# ∂L/∂h̃ = dh ⊙ h ⊙ (1 − h),  여기서 h = σ(h̃), dh = ∂L/∂h

# %% [markdown] commentary="sigmoid_backward" lang="en"
# ∂L/∂h̃ᵢ = Σⱼ ∂L/∂hⱼ · ∂hⱼ/∂h̃ᵢ, and only j = i is left of the sum: the
# Jacobian is diagonal. So multiplying by it takes one product for each entry,
# and nobody builds the matrix. As in `sigmoid_derivative`, h is taken at
# |h̃|, where no exponential can overflow; h · (1 − h) is the same there.
# torch does this in the backward pass of `torch.sigmoid`, from the output
# that it kept. The result has the sign of `dh` and is at most a quarter of
# it.

# %% [markdown] commentary="sigmoid_backward" lang="ko"
# ∂L/∂h̃ᵢ = Σⱼ ∂L/∂hⱼ · ∂hⱼ/∂h̃ᵢ에서 j = i인 항만 남습니다. 곧 야코비 행렬이
# 대각행렬입니다. 그래서 행렬을 만들 필요 없이 성분마다 한 번씩 곱하면 됩니다.
# `sigmoid_derivative`에서처럼 h는 |h̃|에서 구합니다. 지수 함수가 넘치지 않고,
# h · (1 − h)의 값은 그대로입니다. torch는 `torch.sigmoid`의 역전파에서 간직해
# 둔 출력으로 같은 계산을 합니다. 결과의 크기는 `dh`의 4분의 1을 넘지 않고,
# 부호는 `dh`와 같습니다.

# %% exercise="tanh_backward"
def tanh_backward(dh, h_tilde):
    """The gradient with respect to h_tilde; dh is that with respect to h = tanh(h_tilde)."""
    ### BEGIN SOLUTION
    h = np.tanh(h_tilde)
    return dh * ((1 - h) * (1 + h))
    ### END SOLUTION

# %% [markdown] idea="tanh_backward" lang="en"
# Compare with `sigmoid_backward`: what comes in and how it is combined stays;
# which factor becomes another? As a check, at h̃ = 0 all of `dh` should come
# through.

# %% [markdown] idea="tanh_backward" lang="ko"
# `sigmoid_backward`와 견주어 보세요. 들어오는 것과 곱하는 방법은
# 그대로입니다. 어떤 인수가 바뀔까요? h̃ = 0이면 `dh`가 온전히 통과해야
# 합니다.

# %% [markdown] formula="tanh_backward" lang="en"
# ∂L/∂h̃ = dh ⊙ (1 − h²),  where h = tanh(h̃) and dh = ∂L/∂h

# %% [markdown] formula="tanh_backward" lang="ko"
# ∂L/∂h̃ = dh ⊙ (1 − h²),  여기서 h = tanh(h̃), dh = ∂L/∂h

# %% [markdown] commentary="tanh_backward" lang="en"
# The chain rule entry by entry, with tanh' = 1 − h² as the local gradient,
# again as (1 − h) · (1 + h), which loses fewer digits near h = ±1. At h̃ = 0
# `dh` comes through whole, four times as much as through a sigmoid; at h̃ = 5
# it is 0.0002 of it, less than the sigmoid's 0.007. torch does the same in
# the backward pass of `torch.tanh`, from the output h. Whoever has h from the
# way forward saves computing tanh again; here the function is given h̃, so
# that it can be examined by itself.

# %% [markdown] commentary="tanh_backward" lang="ko"
# 국소 그래디언트가 tanh' = 1 − h²인 성분마다의 연쇄 법칙입니다. 이번에도
# (1 − h) · (1 + h)로 써서 h = ±1 근처에서 자릿수를 덜 잃습니다. h̃ = 0에서는
# `dh`가 온전히 통과합니다. 시그모이드의 네 배입니다. h̃ = 5에서는 0.0002배만
# 남아서 시그모이드의 0.007배보다도 적습니다. torch는 `torch.tanh`의
# 역전파에서 출력 h로 같은 계산을 합니다. 순전파의 h가 있다면 tanh를 다시
# 계산하지 않아도 됩니다. 여기서는 함수 하나만 따로 확인할 수 있도록 h̃를
# 받습니다.

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

# %% [markdown] idea="attenuation" lang="en"
# Two steps. First make an array of the local gradients, in the shape of
# `h_tildes`; which function makes it is said by `activation`. Then let the
# layers disappear from the shape: (3, 2, 5) becomes (2, 5). With a single
# layer nothing is left to multiply.

# %% [markdown] idea="attenuation" lang="ko"
# 두 단계로 나누어 보세요. 먼저 `h_tildes`와 모양이 같은 국소 그래디언트의
# 배열을 만듭니다. 어떤 함수로 만들지는 `activation`이 정합니다. 그다음
# 모양에서 층을 없앱니다. (3, 2, 5)가 (2, 5)가 됩니다. 층이 하나뿐이면 곱할
# 것이 없습니다.

# %% [markdown] formula="attenuation" lang="en"
# result = ∏ₗ σ'(h̃ₗ), entry by entry, over the layers ℓ along axis 0
# σ' = h · (1 − h) for the sigmoid, 1 − h² for tanh
# σ' = 1 where h̃ > 0 and 0 elsewhere for ReLU

# %% [markdown] formula="attenuation" lang="ko"
# 결과 = ∏ₗ σ'(h̃ₗ):  0번 축의 층 ℓ에 대한, 성분마다의 곱
# 시그모이드는 σ' = h · (1 − h), tanh는 σ' = 1 − h²
# ReLU는 h̃ > 0이면 σ' = 1, 아니면 σ' = 0

# %% [markdown] commentary="attenuation" lang="en"
# Without weights the Jacobian of each layer is diagonal, and a product of
# diagonal matrices is the product of their entries: `np.prod(axis=0)`, in
# torch `torch.prod(dim=0)`. All layers' slopes are computed at once; a loop
# over them would do as well. Products of many small numbers end in 0: in
# float64 0.25^537 is the last power of ¼ that isn't, in float32 0.25^74.
# Where that matters one adds logarithms instead. For ReLU a single 0 on the
# way makes the product 0: a path is on or off.

# %% [markdown] commentary="attenuation" lang="ko"
# 가중치가 없으면 층마다 야코비 행렬이 대각행렬이고, 대각행렬의 곱은
# 성분마다의 곱입니다. 그래서 `np.prod(axis=0)`이면 되고, torch에서는
# `torch.prod(dim=0)`입니다. 모든 층의 기울기를 한꺼번에 계산하지만, 층마다
# 반복문을 돌려도 됩니다. 작은 수를 많이 곱하면 결국 0이 됩니다. ¼의
# 거듭제곱은 float64에서 0.25^537까지, float32에서 0.25^74까지만 0이 아닙니다.
# 그것이 문제가 되면 곱하는 대신 로그를 더합니다. ReLU에서는 중간에 0이 하나만
# 있어도 곱이 0입니다. 경로는 켜져 있거나 꺼져 있습니다.

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

# %% [markdown] idea="dead_units" lang="en"
# Ask each entry a question that has yes or no for an answer. Then look at a
# column: how many answers of which kind make a dead unit? The axis of the
# examples goes, that of the units stays.

# %% [markdown] idea="dead_units" lang="ko"
# 성분마다 예와 아니요로 답할 수 있는 질문을 하나 정하세요. 그다음 한 열을
# 보세요. 어떤 답이 몇 개 있어야 죽은 유닛일까요? 데이터의 축은 없어지고
# 유닛의 축은 남습니다.

# %% [markdown] formula="dead_units" lang="en"
# unit j is dead  ⇔  h̃ᵢⱼ ≤ 0 for all examples i

# %% [markdown] formula="dead_units" lang="ko"
# 유닛 j가 죽어 있다  ⇔  모든 데이터 i에 대해 h̃ᵢⱼ ≤ 0

# %% [markdown] commentary="dead_units" lang="en"
# `h_tilde <= 0` marks where ReLU is off, and `np.all(axis=0)` asks whether
# that holds for the whole batch; `h_tilde.max(axis=0) <= 0` says the same,
# and in torch `(h_tilde <= 0).all(dim=0)`. It is ≤ and not <, because ReLU's
# slope at 0 is 0, too: what counts is that no gradient comes through. Then
# the unit's column of dW and its entry of db, sums over the batch, are 0, and
# a step of gradient descent leaves the unit as it is. Dead is meant for this
# batch; another one may still reach it.

# %% [markdown] commentary="dead_units" lang="ko"
# `h_tilde <= 0`은 ReLU가 꺼진 곳을 표시하고, `np.all(axis=0)`은 배치 전체에서
# 그런지 묻습니다. `h_tilde.max(axis=0) <= 0`도 같은 뜻이고, torch라면
# `(h_tilde <= 0).all(dim=0)`입니다. <가 아니라 ≤인 까닭은 0에서도 ReLU의
# 기울기가 0이기 때문입니다. 중요한 것은 그래디언트가 통과하지 않는다는
# 점입니다. 그러면 배치에 대한 합인 dW의 그 열과 db의 그 성분이 0이고,
# 경사하강법의 한 스텝 뒤에도 유닛은 그대로입니다. 이 배치에서 죽어 있다는
# 뜻이므로, 다른 배치에서는 살아 있을 수도 있습니다.

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
# scikit-learn에 들어 있는 손글씨 숫자 1797개(`pip install scikit-learn`)를 가중치가 무작위이고 유닛이 예순네 개인 층 스무 개에 통과시키고,
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
# 때문일까요? 세 활성 함수에서 그 인수는 각각 얼마나 클 수 있을까요? 음수 쪽에 기울기를 남겨 두면 무엇이 달라질까요?
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
# 함수는 거기에서는 돌아가지 않습니다. 숨은 성질도 있습니다. 여러분이 보지 못한 입력에서도 같은 성질이 성립하는지 확인합니다.

# %% tags=["experiment"]
check()
