# %% [markdown] lang="en"
# # Batch normalization
#
# A layer is a linear half and an activation,
#
# $$h_\ell = \sigma(\tilde h_\ell), \quad \tilde h_\ell = h_{\ell-1} \cdot W_\ell + b_\ell,$$
#
# and what it lets through on the way back is $\sigma'(\tilde h_\ell)$: much where $\tilde h_\ell$ is near 0, next to
# nothing where the sigmoid or tanh is saturated. A good initialization puts the pre-activations where they should be,
# once, before the first step. Then the weights move, and nobody looks after them any more.
#
# **Batch normalization** puts them there at every step. Between the two halves of a layer it takes, for each unit, the
# mean of the mini-batch away and divides by its standard deviation; then it scales and shifts by two numbers that the
# network learns,
#
# $$h_\ell = \sigma(y), \quad y = \mathrm{BN}(\tilde h_\ell).$$
#
# In this notebook `x` is what goes into it, the $\tilde h$ of one layer, and `y` what comes out. Both have shape
# $(N, D)$: rows are examples, columns are units. Everything happens in each column by itself; $i$ counts the rows.
#
# **How to work.** Replace each `raise NotImplementedError` with your answer, run the cell, then run the `check` cell
# below it. Arrays are float64 unless something else is said; what has shape $(D,)$ has one entry for each unit. NumPy
# is all you need.

# %% [markdown] lang="ko"
# # 배치 정규화
#
# 한 층은 선형 변환과 활성 함수로 이루어져 있습니다.
#
# $$h_\ell = \sigma(\tilde h_\ell), \quad \tilde h_\ell = h_{\ell-1} \cdot W_\ell + b_\ell$$
#
# 역전파에서 이 층이 통과시키는 것은 $\sigma'(\tilde h_\ell)$입니다. $\tilde h_\ell$이 0에 가까우면 많이 통과시키고, 시그모이드나
# tanh가 포화된 곳에서는 거의 통과시키지 않습니다. 초기화를 잘하면 $\tilde h$가 알맞은 곳에 놓이지만, 그것은 첫 스텝 전에 한 번뿐입니다. 그다음에는 가중치가
# 움직이고, $\tilde h$를 돌보는 것은 아무것도 없습니다.
#
# **배치 정규화**(batch normalization)는 스텝마다 $\tilde h$를 알맞은 곳으로 되돌려 놓습니다. 선형 변환과 활성 함수 사이에서, 유닛마다
# 미니배치의 평균을 빼고 표준편차로 나눕니다. 그런 다음 신경망이 학습하는 두 수로 크기를 조정하고(scaling) 평행 이동합니다(shifting).
#
# $$h_\ell = \sigma(y), \quad y = \mathrm{BN}(\tilde h_\ell)$$
#
# 이 노트북에서 `x`는 배치 정규화에 들어가는 값, 곧 한 층의 $\tilde h$이고, `y`는 나오는 값입니다. 모양은 둘 다 $(N, D)$입니다. 행은 데이터,
# 열은 유닛입니다. 모든 계산은 열마다 따로 이루어지고, $i$는 행의 번호입니다.
#
# **푸는 방법.** `raise NotImplementedError`를 여러분의 답으로 바꾸고, 셀을 실행한 다음, 그 아래의 `check` 셀을 실행하세요. 다른 말이
# 없으면 배열은 float64이고, 모양이 $(D,)$인 배열에는 유닛마다 값이 하나씩 있습니다. NumPy만 있으면 됩니다.

# %%
import numpy as np

from htilde import check

# %% [markdown] lang="en"
# **Toolbox.** If you like, bring functions of your own from earlier notebooks here (nothing below needs them, and this
# cell is not graded).

# %% [markdown] lang="ko"
# **도구 상자.** 앞선 노트북에서 작성한 함수를 쓰고 싶다면 여기로 가져오세요. (아래에서 꼭 필요하지는 않고, 이 셀은 채점하지 않습니다.)

# %%
# def sigmoid(h_tilde): ...

# %% [markdown] lang="en"
# ## Training
#
# For each unit, over the $N$ examples of the mini-batch,
#
# $$
# \mu = \frac1N \sum_{i=1}^N x_i, \qquad
# s^2 = \frac1N \sum_{i=1}^N (x_i - \mu)^2, \qquad
# \hat x_i = \frac{x_i - \mu}{\sqrt{s^2 + \varepsilon}}, \qquad
# y_i = \gamma\, \hat x_i + \beta.
# $$
#
# $\hat x$ has mean 0 and variance $s^2 / (s^2 + \varepsilon)$, a little less than 1. The small $\varepsilon$ is there
# for units that are the same for every example, like a corner of a picture that nobody ever writes in: without it they
# would be 0/0. The shape of the distribution stays what it was: normalizing shifts and scales, it makes nothing normal
# or uniform. $\gamma$ and $\beta$ are learned, so the network may also undo what was done to it.
#
# By the way the layer keeps a **running** mean and variance for later, when there will be no batch to normalize with.
# Each batch moves them a little,
#
# $$
# r_\mu \leftarrow (1 - m)\, r_\mu + m\, \mu, \qquad
# r_{s^2} \leftarrow (1 - m)\, r_{s^2} + m\, \tfrac{N}{N-1} s^2,
# $$
#
# where the momentum $m$ is the weight of the *new* batch. The second one takes the unbiased variance, because it
# estimates that of all examples from a few. (These are torch's conventions; others weigh the old statistics with $m$,
# or keep the biased variance.)
#
# By hand: for a unit with $x = (1, 1, 4)$ and $\varepsilon = 0.25$ the mean is 2, the variance 2, the root 1.5; with
# $\gamma = 3$ and $\beta = 1$ out comes $y = (-1, -1, 5)$. The running variance hears of a 3.

# %% [markdown] lang="ko"
# ## 학습할 때
#
# 유닛마다, 미니배치의 데이터 $N$개에 대해 다음을 계산합니다.
#
# $$
# \mu = \frac1N \sum_{i=1}^N x_i, \qquad
# s^2 = \frac1N \sum_{i=1}^N (x_i - \mu)^2, \qquad
# \hat x_i = \frac{x_i - \mu}{\sqrt{s^2 + \varepsilon}}, \qquad
# y_i = \gamma\, \hat x_i + \beta
# $$
#
# $\hat x$의 평균은 0이고 분산은 $s^2 / (s^2 + \varepsilon)$, 곧 1보다 조금 작습니다. 작은 수 $\varepsilon$은 모든 데이터에서
# 값이 같은 유닛을 위한 것입니다. 아무도 글씨를 쓰지 않는 그림의 구석이 그렇습니다. $\varepsilon$이 없다면 0/0이 되었을 것입니다. 분포의 모양은
# 그대로입니다. 정규화는 옮기고 늘이거나 줄일 뿐, 값의 분포를 정규분포나 균등분포로 바꾸지는 않습니다. $\gamma$와 $\beta$는 학습되므로, 신경망은 정규화를 되돌릴
# 수도 있습니다.
#
# 이 층은 나중에 정규화할 배치가 없을 때를 위해 **이동** 평균과 분산(running mean, running variance)도 간직합니다. 배치마다 조금씩
# 움직입니다.
#
# $$
# r_\mu \leftarrow (1 - m)\, r_\mu + m\, \mu, \qquad
# r_{s^2} \leftarrow (1 - m)\, r_{s^2} + m\, \tfrac{N}{N-1} s^2
# $$
#
# 모멘텀 $m$은 **새** 배치의 가중치입니다. 두 번째 식은 불편분산을 받습니다. 적은 데이터로 전체 데이터의 분산을 추정하기 때문입니다.
# (torch의 관례를 따릅니다. $m$을 예전 값의 가중치로 쓰거나 편향된 분산을 간직하는 곳도 있습니다.)
#
# 손으로 계산해 봅시다. $x = (1, 1, 4)$인 유닛에서 $\varepsilon = 0.25$이면 평균은 2, 분산은 2, 제곱근은 1.5입니다.
# $\gamma = 3$, $\beta = 1$이면 $y = (-1, -1, 5)$가 나옵니다. 이동 분산에 전해지는 값은 3입니다.

# %% exercise="batchnorm_train"
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    """Batch normalization in training mode: y, running_mean, running_var.

    x has shape (N, D), N at least 2; gamma, beta, running_mean and running_var have shape (D,), momentum and eps
    are numbers. y has the shape of x, the new running statistics have shape (D,).
    Mean and variance are taken over axis 0, the batch. y is made with the biased variance (divided by N), with eps
    inside the root; running_var is moved by the unbiased one (divided by N - 1), without eps. momentum, from 0 to 1,
    is the weight of this batch, 1 - momentum that of the old statistics. float32 arrays work as well.
    """
    ### BEGIN SOLUTION
    mean, variance = x.mean(axis=0), x.var(axis=0)
    y = gamma * (x - mean) / np.sqrt(variance + eps) + beta
    unbiased = variance * len(x) / (len(x) - 1)
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * unbiased
    return y, running_mean, running_var
    ### END SOLUTION

# %% [markdown] idea="batchnorm_train" lang="en"
# Keep the two jobs apart. y is about this batch alone: the running statistics
# play no part in it. The running statistics know nothing of gamma, beta and
# eps. Each job has a variance of its own; one is N/(N − 1) times the other.

# %% [markdown] idea="batchnorm_train" lang="ko"
# 두 가지 일을 나누어 생각하세요. y는 이 배치에만 달려 있고, 이동 통계량은
# 거기에 들어가지 않습니다. 이동 통계량은 gamma, beta, eps를 모릅니다. 두 일에
# 쓰이는 분산은 서로 다르고, 하나는 다른 하나의 N/(N − 1)배입니다.

# %% [markdown] formula="batchnorm_train" lang="en"
# μ = (1/N) · Σᵢ xᵢ,  s² = (1/N) · Σᵢ (xᵢ − μ)²
# y = γ ⊙ (x − μ) / √(s² + ε) + β
# running_mean ← (1 − m) · running_mean + m · μ
# running_var ← (1 − m) · running_var + m · s² · N / (N − 1)

# %% [markdown] formula="batchnorm_train" lang="ko"
# μ = (1/N) · Σᵢ xᵢ,  s² = (1/N) · Σᵢ (xᵢ − μ)²
# y = γ ⊙ (x − μ) / √(s² + ε) + β
# running_mean ← (1 − m) · running_mean + m · μ
# running_var ← (1 − m) · running_var + m · s² · N / (N − 1)

# %% [markdown] commentary="batchnorm_train" lang="en"
# Arrays of shape (D,) meet each row of (N, D) by broadcasting. ε inside the
# root keeps it at √ε or more, so a constant column gives β, not 0/0. The
# unbiased variance needs no second pass: s² · N/(N − 1), for on average s² is
# (N − 1)/N of what it estimates. torch has `torch.nn.BatchNorm1d`: eps 1e-5,
# momentum 0.1, running statistics that start at 0 and 1 and change in place.
# For N = 1 it raises in training; x − μ would be 0 and say nothing of x. A
# bias in front of this layer is taken away again with the mean.

# %% [markdown] commentary="batchnorm_train" lang="ko"
# 모양이 (D,)인 배열은 브로드캐스팅으로 (N, D)의 모든 행에 적용됩니다. 제곱근
# 안의 ε 덕분에 제곱근은 √ε보다 작아지지 않고, 값이 모두 같은 열은 0/0이
# 아니라 β가 됩니다. s²은 평균적으로 (N − 1)/N배로 작게 나오므로, 불편분산은
# 다시 계산하지 않고 s² · N/(N − 1)로 구합니다. torch의
# `torch.nn.BatchNorm1d`는 eps가 1e-5, momentum이 0.1이고, 이동 평균은 0, 이동
# 분산은 1에서 시작해 제자리에서 바뀝니다. N = 1로 학습하면 예외를 일으킵니다.
# x − μ가 0이 되어 x에 대해 아무것도 말해 주지 않기 때문입니다. 이 층 바로
# 앞의 편향은 평균과 함께 사라집니다.

# %% [markdown] lang="en"
# What does it do to a deep network? The handwritten digits of scikit-learn (`pip install scikit-learn matplotlib`) go
# through twenty tanh layers of sixty-four units. The weights are random: half of, exactly, and twice
# $1/\sqrt{\text{fan\_in}}$ in size. The first picture shows how far the pre-activations spread at each layer, the
# second how large the entries of the last $h$ are.

# %% [markdown] lang="ko"
# 깊은 신경망에서는 어떤 일이 일어날까요? scikit-learn의 손글씨 숫자(`pip install scikit-learn matplotlib`)를 예순네 유닛짜리
# tanh 층 스무 개에 통과시킵니다. 가중치는 무작위이고, 크기는 $1/\sqrt{\text{fan\_in}}$의 절반, 그대로, 두 배입니다. 첫 번째 그림은 층마다
# $\tilde h$가 얼마나 퍼져 있는지, 두 번째 그림은 마지막 $h$의 성분이 얼마나 큰지를 나타냅니다.

# %% tags=["experiment", "raises-exception"]
import matplotlib.pyplot as plt
from sklearn.datasets import load_digits

from htilde.pictures import show

digits = load_digits()
images, labels = digits.data / 16, digits.target
ones, zeros = np.ones(64), np.zeros(64)
sizes = ((0.5, "tab:blue", "v"), (1, "tab:orange", "o"), (2, "tab:red", "^"))


def forward(scale, normalize, activation=np.tanh):
    """The weights, the inputs and the outputs of each normalization, and the last h of twenty layers."""
    rng = np.random.default_rng(1)
    h, weights, xs, ys = images, [], [], []
    for _ in range(20):
        weights.append(rng.normal(0, scale / np.sqrt(64), (64, 64)))
        xs.append(h @ weights[-1])
        ys.append(batchnorm_train(xs[-1], ones, zeros, zeros, ones, 0.1, 1e-5)[0] if normalize else xs[-1])
        h = activation(ys[-1])
    return weights, xs, ys, h


figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
summary = []
for normalize, style in ((False, "dashed"), (True, "solid")):
    for scale, colour, marker in sizes:
        weights, xs, ys, h = forward(scale, normalize)
        spread = [y.std() for y in ys]
        label = f"{scale:g}, {'normalized' if normalize else 'plain'}"
        look = {"color": colour, "linestyle": style, "linewidth": 3 - scale if normalize else 1}  # all three can be seen
        left.semilogy(range(1, 21), spread, marker=marker, markersize=4, label=label, **look)
        right.hist(np.abs(h).ravel(), bins=np.linspace(0, 1, 41), histtype="step", **look)
        summary.append(f"{spread[-1]:.2g} for {label}")
left.set(xlabel="layer", ylabel="standard deviation of what goes into tanh", xticks=[1, 5, 10, 15, 20])
right.set(xlabel="size of the entries of the last h", ylabel="entries", yscale="log")
left.legend(title="size of the weights")
show(figure, alt="Left, the spread of what goes into tanh at each of twenty layers. By the size of the weights, "
     "the standard deviation at the last layer is " + "; ".join(summary) + ". Right, how large the activations of the last layer are: spread out where the layers are normalized.")

# %% [markdown] lang="en"
# With normalization the size of the weights makes no difference at all: the three solid lines are one. Multiply $W$ by
# any positive number, and mean and standard deviation of $\tilde h$ are multiplied, too; the quotient stays (up to
# $\varepsilon$).
#
# ## Evaluation
#
# In training an example's $y$ depends on who else is in the batch. When the network is used that won't do: the same
# digit should get the same answer in any company, also alone. So in evaluation the running statistics stand in for
# those of the batch,
#
# $$y_i = \gamma\, \frac{x_i - r_\mu}{\sqrt{r_{s^2} + \varepsilon}} + \beta.$$

# %% [markdown] lang="ko"
# 정규화를 하면 가중치의 크기는 아무 차이도 만들지 않습니다. 실선 세 개는 하나로 겹칩니다. $W$에 양수를 곱하면 $\tilde h$의 평균과 표준편차에도 같은
# 수가 곱해지므로, ($\varepsilon$을 제쳐 두면) 나눈 값은 그대로입니다.
#
# ## 평가할 때
#
# 학습할 때 한 데이터의 $y$는 배치에 누가 함께 있는지에 따라 달라집니다. 신경망을 사용할 때는 그러면 곤란합니다. 같은 숫자는 누구와 함께 있든, 혼자
# 있든 같은 답을 얻어야 합니다. 그래서 평가할 때는 배치의 통계량 대신 이동 통계량을 씁니다.
#
# $$y_i = \gamma\, \frac{x_i - r_\mu}{\sqrt{r_{s^2} + \varepsilon}} + \beta$$

# %% exercise="batchnorm_eval"
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    """Batch normalization in evaluation mode: y.

    x has shape (N, D), also with N = 1 or 0; gamma, beta, running_mean and running_var have shape (D,), eps is a
    number and stands inside the root. running_var is used as it is. y has the shape of x.
    """
    ### BEGIN SOLUTION
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    ### END SOLUTION

# %% [markdown] idea="batchnorm_eval" lang="en"
# Nothing is measured here: every number except x was fixed before. For each
# unit y is a straight line in x. A row doesn't know of the others, so one row
# or none needs no care.

# %% [markdown] idea="batchnorm_eval" lang="ko"
# 여기서는 아무것도 재지 않습니다. x 말고는 모든 수가 미리 정해져 있고,
# 유닛마다 y는 x의 일차함수입니다. 행은 다른 행을 모르므로 행이 하나이거나
# 없어도 따로 다룰 것이 없습니다.

# %% [markdown] formula="batchnorm_eval" lang="en"
# y = γ ⊙ (x − running_mean) / √(running_var + ε) + β

# %% [markdown] formula="batchnorm_eval" lang="ko"
# y = γ ⊙ (x − running_mean) / √(running_var + ε) + β

# %% [markdown] commentary="batchnorm_eval" lang="en"
# For each unit y = a · x + c, where a = γ/√(running_var + ε) and
# c = β − a · running_mean. So a trained network can do without the layer:
# multiply the columns of W in front by a, and b becomes a · b + c.
# `torch.nn.utils.fusion.fuse_linear_bn_eval` does that. running_var is taken
# as it is; it became unbiased when it was updated. In torch `eval()` switches
# a `BatchNorm1d` to this mode. The code is that of training with other
# statistics, and nothing is updated.

# %% [markdown] commentary="batchnorm_eval" lang="ko"
# 유닛마다 y = a · x + c이고, a = γ/√(running_var + ε),
# c = β − a · running_mean입니다. 그래서 학습을 마친 신경망에서는 이 층을 없앨
# 수 있습니다. 앞에 있는 W의 열에 a를 곱하고 b를 a · b + c로 바꾸면 됩니다.
# `torch.nn.utils.fusion.fuse_linear_bn_eval`이 그렇게 합니다. running_var는
# 그대로 씁니다. 불편분산으로 만드는 일은 갱신할 때 이미 했습니다. torch에서는
# `eval()`이 `BatchNorm1d`를 이 모드로 바꿉니다. 코드는 통계량만 다를 뿐
# 학습할 때와 같고, 갱신하는 것은 없습니다.

# %% [markdown] lang="en"
# ## The way back
#
# $x_i$ reaches the loss by way of its own $\hat x_i$, and also by way of $\mu$ and $s^2$, which serve the whole batch,
#
# $$
# \frac{\partial \mathcal L}{\partial x_i}
# = \frac{\partial \mathcal L}{\partial \hat x_i} \cdot \frac{\partial \hat x_i}{\partial x_i}
# + \frac{\partial \mathcal L}{\partial s^2} \cdot \frac{\partial s^2}{\partial x_i}
# + \frac{\partial \mathcal L}{\partial \mu} \cdot \frac{\partial \mu}{\partial x_i}.
# $$
#
# $\partial \mathcal L / \partial s^2$ and $\partial \mathcal L / \partial \mu$ are sums over all examples of the batch,
# and so are the gradients of $\gamma$ and $\beta$. Put in what you know, and much cancels. `dy` is the upstream
# gradient $\partial \mathcal L / \partial y$; find `dx`, `dgamma` and `dbeta`. The forward pass is that of training
# mode.
#
# Two things to see in your result. Add the same number to all $x_i$ of a unit, and $y$ doesn't change: so `dx` sums to
# 0 over the batch. Stretch them, and $y$ hardly changes, by $\varepsilon$ only: so `dx` is all but perpendicular to
# $\hat x$. With two examples these two directions are all there is, and next to nothing is left of `dx`.

# %% [markdown] lang="ko"
# ## 역전파
#
# $x_i$는 자기 자신의 $\hat x_i$를 거쳐서, 그리고 배치 전체가 함께 쓰는 $\mu$와 $s^2$을 거쳐서 손실에 영향을 줍니다.
#
# $$
# \frac{\partial \mathcal L}{\partial x_i}
# = \frac{\partial \mathcal L}{\partial \hat x_i} \cdot \frac{\partial \hat x_i}{\partial x_i}
# + \frac{\partial \mathcal L}{\partial s^2} \cdot \frac{\partial s^2}{\partial x_i}
# + \frac{\partial \mathcal L}{\partial \mu} \cdot \frac{\partial \mu}{\partial x_i}
# $$
#
# $\partial \mathcal L / \partial s^2$과 $\partial \mathcal L / \partial \mu$는 배치의 모든 데이터에 대한 합이고,
# $\gamma$와 $\beta$의 그래디언트도 그렇습니다. 아는 것을 모두 대입하면 많은 항이 소거됩니다. `dy`는 upstream 그래디언트
# $\partial \mathcal L / \partial y$입니다. `dx`, `dgamma`, `dbeta`를 구하세요. 순전파는 학습할 때의 것입니다.
#
# 결과에서 두 가지를 확인하세요. 한 유닛의 모든 $x_i$에 같은 수를 더해도 $y$는 변하지 않습니다. 따라서 배치에 대한 `dx`의 합은 0입니다. 모든
# $x_i$를 늘여도 $y$는 $\varepsilon$ 때문에 아주 조금 변할 뿐입니다. 따라서 `dx`는 $\hat x$와 거의 직교합니다. 데이터가 둘뿐이면 방향도 이
# 둘뿐이어서 `dx`에는 거의 아무것도 남지 않습니다.

# %% exercise="batchnorm_backward"
def batchnorm_backward(dy, x, gamma, eps):
    """The way back through batchnorm_train: dx, dgamma, dbeta.

    dy and x have shape (N, D), N at least 2; gamma has shape (D,), eps is the number of the forward pass. dx has the
    shape of x; dgamma and dbeta have shape (D,) and are sums over the batch, not means. mean and variance (biased,
    eps inside the root) are those of the batch and depend on x; the running statistics play no part. float32 arrays
    work as well.
    """
    ### BEGIN SOLUTION
    root = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / root
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    dx = gamma / root * (dy - dbeta / len(x) - x_hat * dgamma / len(x))
    return dx, dgamma, dbeta
    ### END SOLUTION

# %% [markdown] idea="batchnorm_backward" lang="en"
# Begin with dbeta and dgamma: they are the two sums over the batch that dx
# needs again. dx is dy with two directions taken out of each column, that of
# a constant and (up to ε) that of x̂, times one factor for each unit. Test it
# on the notebook's two claims about dx.

# %% [markdown] idea="batchnorm_backward" lang="ko"
# dbeta와 dgamma부터 구하세요. 배치에 대한 이 두 합이 dx에 다시 쓰입니다. dx는
# dy의 열마다 두 방향, 곧 상수 방향과 (ε을 제쳐 두면) x̂ 방향을 덜어 낸 다음
# 유닛마다 인수를 하나 곱한 것입니다. 노트북에서 말한 두 가지가 성립하는지
# 확인해 보세요.

# %% [markdown] formula="batchnorm_backward" lang="en"
# x̂ = (x − μ) / √(s² + ε)
# dβ = Σᵢ dyᵢ,  dγ = Σᵢ dyᵢ ⊙ x̂ᵢ
# dx = γ / √(s² + ε) ⊙ ( dy − dβ / N − x̂ ⊙ dγ / N )

# %% [markdown] formula="batchnorm_backward" lang="ko"
# x̂ = (x − μ) / √(s² + ε)
# dβ = Σᵢ dyᵢ,  dγ = Σᵢ dyᵢ ⊙ x̂ᵢ
# dx = γ / √(s² + ε) ⊙ ( dy − dβ / N − x̂ ⊙ dγ / N )

# %% [markdown] commentary="batchnorm_backward" lang="en"
# With r = √(s² + ε) and dx̂ = γ ⊙ dy: ∂L/∂s² = −Σ dx̂ · x̂/(2r²) meets
# ∂s²/∂xᵢ = 2r · x̂ᵢ/N, and ∂L/∂μ = −Σ dx̂/r meets 1/N; s² adds nothing to the
# latter, since Σ (xᵢ − μ) = 0. Collected, that is the reference's one line.
# dgamma and dbeta are used twice, so two sums over the batch are all it
# takes. torch keeps the batch's mean and 1/r on the way forward; here they
# are computed anew. A dy of ones gives dx = 0: `y.sum().backward()` tests
# nothing.

# %% [markdown] commentary="batchnorm_backward" lang="ko"
# r = √(s² + ε), dx̂ = γ ⊙ dy라고 두면, ∂L/∂s² = −Σ dx̂ · x̂/(2r²)은
# ∂s²/∂xᵢ = 2r · x̂ᵢ/N과, ∂L/∂μ = −Σ dx̂/r는 1/N과 곱해집니다.
# Σ (xᵢ − μ) = 0이므로 s²을 거쳐 μ로 가는 것은 없습니다. 모두 모으면 모범
# 답안의 한 줄이 됩니다. dgamma와 dbeta를 두 번씩 쓰므로 배치에 대한 합은
# 둘이면 됩니다. torch는 순전파에서 배치의 평균과 1/r를 간직하고, 여기서는
# 다시 계산합니다. dy가 모두 1이면 dx = 0입니다. `y.sum().backward()`로는
# 아무것도 확인하지 못합니다.

# %% [markdown] lang="en"
# Now a random gradient comes back through the twenty layers. On the left they are tanh layers, on the right ReLU
# layers.
#
# It is often said that batch normalization keeps the gradient at a good size. What holds: the size no longer depends on
# that of the weights, and it doesn't vanish. It is not constant, though. Each layer divides by the standard deviation
# of its own $\tilde h$, and with ReLU the gradient of a network that has learned nothing yet *grows* on the way back,
# by a factor of about $\sqrt{\pi / (\pi - 1)} \approx 1.21$ in every layer: in a very deep network it explodes.

# %% [markdown] lang="ko"
# 이번에는 무작위 그래디언트를 스무 개의 층에 거꾸로 통과시킵니다. 왼쪽은 tanh 층, 오른쪽은 ReLU 층입니다.
#
# 배치 정규화가 그래디언트를 적절한 크기로 유지해 준다고들 합니다. 정확히 말하면, 그래디언트의 크기는 더 이상 가중치의 크기에 의존하지 않고, 소실되지도
# 않습니다. 하지만 일정하지는 않습니다. 층마다 자기 $\tilde h$의 표준편차로 나누기 때문에, 아직 아무것도 학습하지 않은 ReLU 신경망에서 그래디언트는 거꾸로
# 갈수록 층마다 약 $\sqrt{\pi / (\pi - 1)} \approx 1.21$배로 **커집니다**. 아주 깊은 신경망에서는 폭발합니다.

# %% tags=["experiment", "raises-exception"]
activations = {
    "tanh": (np.tanh, lambda y: 1 - np.tanh(y) ** 2),
    "ReLU": (lambda y: np.maximum(y, 0), lambda y: np.where(y > 0, 1.0, 0.0)),
}
figure, panels = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained", sharey=True)
summary = []
for axes, (name, (activation, derivative)) in zip(panels, activations.items()):
    for normalize, style in ((False, "dashed"), (True, "solid")):
        for scale, colour, marker in sizes:
            weights, xs, ys, h = forward(scale, normalize, activation)
            dh, norms = np.random.default_rng(2).normal(size=h.shape), []
            for W, x, y in zip(reversed(weights), reversed(xs), reversed(ys)):
                dy = dh * derivative(y)
                norms.append(np.linalg.norm(dy))
                dx = batchnorm_backward(dy, x, ones, 1e-5)[0] if normalize else dy
                dh = dx @ W.T
            label = f"{scale:g}, {'normalized' if normalize else 'plain'}"
            look = {"color": colour, "linestyle": style, "linewidth": 3 - scale if normalize else 1}
            axes.semilogy(range(20, 0, -1), norms, marker=marker, markersize=4, label=label, **look)
            summary.append(f"{(norms[-1] / norms[0]) ** (1 / 19):.2f} for {name}, {label}")
    axes.set(title=name, xlabel="layer (1 is next to the input)", xticks=[1, 5, 10, 15, 20])
panels[0].set_ylabel("size of the gradient")
panels[1].legend(title="size of the weights")
show(figure, alt="Size of the gradient at each of twenty layers. By activation and size of the weights, on the way back each layer "
     "multiplies it by, on average, " + "; ".join(summary) + ".")

# %% [markdown] lang="en"
# ## The way back in evaluation
#
# Sometimes a gradient goes through a network in evaluation mode: when a trained network is fine-tuned with its
# statistics frozen, or when one asks which pixel mattered. The running statistics don't depend on $x$. What is left of
# the three terms?

# %% [markdown] lang="ko"
# ## 평가할 때의 역전파
#
# 평가 모드의 신경망에 그래디언트를 통과시킬 때도 있습니다. 통계량을 고정한 채 학습된 신경망을 미세 조정(fine-tuning)할 때나, 어느 픽셀이 중요했는지
# 알고 싶을 때가 그렇습니다. 이동 통계량은 $x$에 의존하지 않습니다. 세 항 가운데 무엇이 남을까요?

# %% exercise="batchnorm_eval_backward"
def batchnorm_eval_backward(dy, x, gamma, running_mean, running_var, eps):
    """The way back through batchnorm_eval: dx, dgamma, dbeta.

    dy and x have shape (N, D), also with N = 1 or 0; gamma, running_mean and running_var have shape (D,), eps is the
    number of the forward pass. dx has the shape of x; dgamma and dbeta have shape (D,) and are sums over the batch.
    The running statistics are constants.
    """
    ### BEGIN SOLUTION
    root = np.sqrt(running_var + eps)
    return dy * gamma / root, (dy * (x - running_mean) / root).sum(axis=0), dy.sum(axis=0)
    ### END SOLUTION

# %% [markdown] idea="batchnorm_eval_backward" lang="en"
# Three questions, one for each gradient, all about the straight line of
# `batchnorm_eval`: by how much does y move when x moves a little, when gamma
# does, when beta does? Then which of the three is shared by all rows?

# %% [markdown] idea="batchnorm_eval_backward" lang="ko"
# 그래디언트마다 하나씩, `batchnorm_eval`의 일차함수에 대해 세 가지를
# 물어보세요. x가 조금 움직이면 y는 얼마나 움직일까요? gamma가 움직이면,
# beta가 움직이면 어떨까요? 셋 가운데 모든 행이 함께 쓰는 것은 무엇일까요?

# %% [markdown] formula="batchnorm_eval_backward" lang="en"
# dx = dy ⊙ γ / √(running_var + ε)
# dγ = Σᵢ dyᵢ ⊙ (xᵢ − running_mean) / √(running_var + ε)
# dβ = Σᵢ dyᵢ

# %% [markdown] formula="batchnorm_eval_backward" lang="ko"
# dx = dy ⊙ γ / √(running_var + ε)
# dγ = Σᵢ dyᵢ ⊙ (xᵢ − running_mean) / √(running_var + ε)
# dβ = Σᵢ dyᵢ

# %% [markdown] commentary="batchnorm_eval_backward" lang="en"
# The slopes of y = γ · x̂ + β with respect to x, γ and β, where x̂ is made
# with constants. Compare dx with that of training: the terms with dβ/N and
# dγ/N came from μ and s², which depended on x. Without them each row goes
# back by itself, `dx` needn't sum to 0, and N = 1 is an ordinary case. For
# N = 0 a sum over no rows is 0, in shape (D,). In torch the running
# statistics are buffers of `BatchNorm1d`, not parameters: no gradient belongs
# to them, while weight (γ) and bias (β) still get theirs.

# %% [markdown] commentary="batchnorm_eval_backward" lang="ko"
# y = γ · x̂ + β를 x, γ, β로 각각 미분한 것이고, x̂은 상수인 통계량으로 만든
# 것입니다. dx를 학습할 때의 것과 견주어 보세요. dβ/N과 dγ/N이 있던 항은 x에
# 의존하는 μ와 s²에서 나온 것이었습니다. 그 항이 없으니 행마다 따로
# 되돌아가고, `dx`의 합은 0이 아니어도 되며, N = 1도 특별하지 않습니다.
# N = 0이면 행이 없는 합은 모양이 (D,)인 0입니다. torch에서 이동 통계량은
# `BatchNorm1d`의 파라미터가 아니라 버퍼여서 그래디언트가 없습니다.
# weight(γ)와 bias(β)는 여전히 그래디언트를 받습니다.

# %% [markdown] lang="en"
# ## On real data
#
# Two networks of ten sigmoid layers learn to read digits: the same random weights, the same batches of fifty, the same
# learning rate; only one of them normalizes, with your functions. The loss is the mean over the batch of
# $\lVert y_i - \hat y_i \rVert^2$, where $y_i$ is 1 for the right digit and 0 for the nine others. Whoever always answers 0.1,
# whatever the picture, has a loss of 0.9.

# %% [markdown] lang="ko"
# ## 실제 데이터에서
#
# 시그모이드 층이 열 개인 신경망 둘이 숫자 읽는 법을 배웁니다. 무작위 가중치도, 쉰 개씩 묶은 배치도, 학습률도 같습니다. 다만 하나는 여러분의 함수로 정규화를 합니다.
# 손실은 $\lVert y_i - \hat y_i \rVert^2$의 배치 평균입니다. $y_i$는 맞는 숫자에서 1이고 나머지 아홉에서 0입니다. 그림이 무엇이든 늘 0.1이라고 답하면
# 손실은 0.9입니다.

# %% tags=["experiment", "raises-exception"]
targets = np.eye(10)[labels]
seen, unseen = slice(0, 1400), slice(1400, None)
depth = 10


def new_network():
    rng = np.random.default_rng(0)
    return {
        "W": [rng.normal(0, 1 / 8, (64, 64)) for _ in range(depth)],
        "gamma": [ones] * depth, "beta": [zeros] * depth,  # without normalization beta is the bias
        "mean": [zeros] * depth, "var": [ones] * depth,
        "V": rng.normal(0, 1 / 8, (64, 10)), "c": np.zeros(10),
    }


def run(net, h, mode):
    """The network's answer, with the pre-activations and activations; mode is "plain", "train" or "eval"."""
    hs, xs = [h], []
    for k in range(depth):
        x = y = hs[-1] @ net["W"][k]
        if mode == "train":
            y, net["mean"][k], net["var"][k] = batchnorm_train(
                x, net["gamma"][k], net["beta"][k], net["mean"][k], net["var"][k], 0.1, 1e-5)
        elif mode == "eval":
            y = batchnorm_eval(x, net["gamma"][k], net["beta"][k], net["mean"][k], net["var"][k], 1e-5)
        else:
            y = x + net["beta"][k]
        xs.append(x)
        hs.append(1 / (1 + np.exp(-y)))
    return hs[-1] @ net["V"] + net["c"], hs, xs


def learn(net, h, target, mode, rate):
    """One step of gradient descent; the loss before it."""
    answer, hs, xs = run(net, h, mode)
    d = 2 * (answer - target) / len(h)
    dh = d @ net["V"].T
    net["V"], net["c"] = net["V"] - rate * hs[-1].T @ d, net["c"] - rate * d.sum(axis=0)
    for k in reversed(range(depth)):
        dx = dy = dh * hs[k + 1] * (1 - hs[k + 1])
        dbeta = dy.sum(axis=0)
        if mode == "train":
            dx, dgamma, dbeta = batchnorm_backward(dy, xs[k], net["gamma"][k], 1e-5)
            net["gamma"][k] = net["gamma"][k] - rate * dgamma
        dh = dx @ net["W"][k].T
        net["W"][k], net["beta"][k] = net["W"][k] - rate * hs[k].T @ dx, net["beta"][k] - rate * dbeta
    return ((answer - target) ** 2).sum() / len(h)


def batches(rng):
    order = rng.permutation(1400)
    return [order[start : start + 50] for start in range(0, 1400, 50)]


def share_right(net, mode):
    return (run(net, images[unseen], mode)[0].argmax(axis=1) == labels[unseen]).mean()


figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
summary, trained = [], {}
for mode, label, style in (("plain", "without", "dashed"), ("train", "with normalization", "solid")):
    net, rng, losses = new_network(), np.random.default_rng(1), []
    for _ in range(15):
        losses.append(np.mean([learn(net, images[i], targets[i], mode, 0.02) for i in batches(rng)]))
    right = share_right(net, "plain" if mode == "plain" else "eval")
    trained[mode] = net
    axes.plot(range(1, 16), losses, linestyle=style, marker=".", label=f"{label}: {right:.0%} of unseen digits right")
    summary.append(f"{label} it ends at {losses[-1]:.2f}, with {right:.0%} of the unseen digits right")
axes.set(xlabel="times through the data", ylabel="loss", ylim=(0, None))
axes.legend()
show(figure, alt="The loss of two networks while they learn: " + "; ".join(summary) + ".")

# %% [markdown] lang="en"
# ## Too few updates
#
# The network that has learned was evaluated with its running statistics. How soon are those fit for use? We let them
# start anew, from mean 0 and variance 1, leave the weights as they are, and update them with one batch after another;
# after each one we count how many unseen digits are read right. After $k$ updates a share of $(1-m)^k$ of the starting
# values is left in them. How small must it be? A statistic that is wrong in the first layer spoils what the second
# receives, and so on: in ten layers small errors add up.

# %% [markdown] lang="ko"
# ## 갱신이 모자라면
#
# 학습을 마친 신경망은 이동 통계량으로 평가했습니다. 이동 통계량은 언제부터 쓸 만할까요? 가중치는 그대로 두고, 이동 통계량만 평균 0, 분산 1에서 다시
# 시작해 배치를 하나씩 보여 줍니다. 갱신할 때마다 처음 보는 숫자를 얼마나 맞히는지 셉니다. $k$번 갱신한 뒤에는 처음 값이 $(1-m)^k$만큼 남아 있습니다. 그
# 몫이 얼마나 작아져야 할까요? 첫 번째 층의 통계량이 틀리면 두 번째 층이 받는 값이 틀어지고, 그다음 층도 마찬가지입니다. 층이 열 개이면 작은 오차가 쌓입니다.

# %% tags=["experiment", "raises-exception"]
net = dict(trained["train"], mean=[zeros] * depth, var=[ones] * depth)
rng = np.random.default_rng(2)
right = [share_right(net, "eval")]
for i in (batches(rng) + batches(rng))[:40]:
    run(net, images[i], "train")
    right.append(share_right(net, "eval"))
final = share_right(trained["train"], "eval")
figure, axes = plt.subplots(figsize=(7, 4.4), layout="constrained")
axes.plot(right, marker=".", label="unseen digits right, in evaluation mode")
axes.plot(0.9 ** np.arange(41), linestyle="dotted", color="grey", label="what is left of the starting values")
axes.axhline(final, linestyle="dashed", linewidth=0.8, label="with the statistics of the whole training")
axes.set(xlabel="updates of the running statistics", ylabel="share", ylim=(0, 1))
figure.legend(loc="outside upper center")
told = ", ".join(f"{right[k]:.0%} after {k}" for k in (0, 5, 10, 20, 40))
show(figure, alt=f"Share of unseen digits read right over the number of updates: {told}. "
     f"With the statistics of the whole training it is {final:.0%}.")

# %% [markdown] lang="en" question="why_two_modes"
# ## In your own words
#
# Batch normalization computes one thing in training and another in evaluation. Explain in three to five sentences: by
# which two quantities does the rest of the batch get into $y_i$? Which two terms of `dx` come from them, and why are
# they gone in evaluation mode? What would go wrong if a single example were normalized with the mean and variance of
# its own batch?
#
# *(Write your answer here, in place of this line. A person reads it.)*

# %% [markdown] lang="ko" question="why_two_modes"
# ## 여러분의 말로
#
# 배치 정규화는 학습할 때와 평가할 때 서로 다른 것을 계산합니다. 세 문장에서 다섯 문장으로 설명해 보세요. 배치의 다른 데이터는 어떤 두 양을 거쳐 $y_i$에
# 들어올까요? `dx`의 어느 두 항이 거기에서 나오고, 평가할 때는 왜 사라질까요? 데이터 하나를 자기 자신뿐인 배치의 평균과 분산으로 정규화하면 무엇이
# 잘못될까요?
#
# *(이 줄을 지우고 답을 쓰세요. 사람이 읽고 채점합니다.)*

# %% [markdown] lang="en"
# ## Before you hand in
#
# Save, then run the cell below. It runs your notebook from the top in a fresh process, as the grader will: a function
# that only works because of a cell you have deleted since will not work there. Some properties are hidden; they make
# the same claims about inputs that you haven't seen.

# %% [markdown] lang="ko"
# ## 제출하기 전에
#
# 저장한 다음 아래의 셀을 실행하세요. 채점할 때처럼 새 프로세스에서 노트북을 처음부터 실행합니다. 이미 지워 버린 셀 덕분에 돌아가던
# 함수는 거기에서는 돌아가지 않습니다. 숨은 성질도 있습니다. 여러분이 보지 못한 입력에서도 같은 성질이 성립하는지 확인합니다.

# %% tags=["experiment"]
check()
