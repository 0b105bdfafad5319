# %% [markdown] lang="en"
# # Backpropagation through the pre-activations
#
# The network is that of the first notebook, now with its loss: the sum, over the examples of the batch and the outputs
# of the network, of squared differences.
#
# $$
# \begin{aligned}
# \mathcal L(\theta) &= \sum_{i=1}^{N} \lVert y_i - \hat y_i \rVert_2^2 \\
# \hat y &= h_2 \cdot W_3 + b_3 \\
# h_2 &= \sigma(\tilde h_2), \quad \tilde h_2 = h_1 \cdot W_2 + b_2 \\
# h_1 &= \sigma(\tilde h_1), \quad \tilde h_1 = x \cdot W_1 + b_1
# \end{aligned}
# $$
#
# Examples are **rows**: `x` is $(N, D)$, a weight matrix $W$ is `(fan_in, fan_out)` and stands to the **right** of what
# it is multiplied with, and $b$ is added to each row. (torch keeps the transpose of $W$.)
#
# The chain rule goes through this from the top to the bottom. At every line it multiplies the gradient that comes in from
# above (**upstream**) by the local gradient of that line, and hands on the result (**downstream**). You will write one
# function for each kind of line, then the whole way there and back, and look at what arrives at the first layer.
#
# **How to work.** Replace each `raise NotImplementedError` with your answer, run the cell, then run the `check` cell
# below it. All arrays are float64. Return new arrays and leave the arguments as they are. A gradient has the
# shape of what it is the gradient of, and that is worth a look whenever you are unsure about an order or a transpose. NumPy is all you need.

# %% [markdown] lang="ko"
# # $\tilde h$를 지나는 역전파
#
# 신경망은 첫 번째 노트북과 같고, 이제 손실이 더해집니다. 손실은 배치의 모든 데이터와 신경망의 모든 출력에 대해 차이의 제곱을 더한 것입니다.
#
# $$
# \begin{aligned}
# \mathcal L(\theta) &= \sum_{i=1}^{N} \lVert y_i - \hat y_i \rVert_2^2 \\
# \hat y &= h_2 \cdot W_3 + b_3 \\
# h_2 &= \sigma(\tilde h_2), \quad \tilde h_2 = h_1 \cdot W_2 + b_2 \\
# h_1 &= \sigma(\tilde h_1), \quad \tilde h_1 = x \cdot W_1 + b_1
# \end{aligned}
# $$
#
# 데이터는 **행**입니다. `x`의 모양은 $(N, D)$이고, 가중치 행렬 $W$의 모양은 `(fan_in, fan_out)`이며 곱하는 값의 **오른쪽**에 놓입니다. $b$는
# 행마다 더합니다. (torch는 $W$를 전치해서 저장합니다.)
#
# 연쇄 법칙을 따라 이 식을 위에서 아래로 내려갑니다. 한 줄을 지날 때마다 위에서 들어온 그래디언트(**upstream**)에 그 줄의 국소 그래디언트를
# 곱해서 아래로 넘겨줍니다(**downstream**). 먼저 식의 종류마다 함수를 하나씩 작성하고, 그다음 순전파와 역전파 전체를 작성한 뒤, 첫 번째
# 층에 무엇이 도착하는지 살펴보겠습니다.
#
# **푸는 방법.** `raise NotImplementedError`를 여러분의 답으로 바꾸고, 셀을 실행한 다음, 그 아래의 `check` 셀을 실행하세요. 배열은 모두
# float64입니다. 새 배열을 반환하고 인자는 바꾸지 마세요. 그래디언트의 모양은 미분하는 대상의 모양과 같습니다. 곱하는 순서나 전치가
# 헷갈릴 때마다 모양을 확인해 보세요. NumPy만 있으면 됩니다.

# %%
import numpy as np

from htilde import check

# %% [markdown] lang="en"
# ## A place for your own tools
#
# The cell below is yours and isn't graded. Bring what you have written in earlier notebooks, `sigmoid_backward` say, and
# use it in your answers. It runs when your work is graded, so what stands there is there for your functions, too.

# %% [markdown] lang="ko"
# ## 여러분의 도구 상자
#
# 아래 셀은 여러분의 것이고 채점하지 않습니다. 앞의 노트북에서 작성한 함수(예를 들어 `sigmoid_backward`)를 가져와서 답에 써도 됩니다.
# 채점할 때도 이 셀을 실행하므로, 여기에 둔 함수는 그때에도 쓸 수 있습니다.

# %%
# Your own functions can go here.

# %% [markdown] lang="en"
# ## The linear half of a layer
#
# $$\tilde h = h \cdot W + b$$
#
# Row $i$ of $\tilde h$ belongs to example $i$, column $j$ to unit $j$.

# %% [markdown] lang="ko"
# ## 층의 선형 변환
#
# $$\tilde h = h \cdot W + b$$
#
# $\tilde h$의 $i$번 행은 $i$번 데이터에, $j$번 열은 $j$번 유닛에 해당합니다.

# %% exercise="linear"
def linear(h, W, b):
    """The pre-activations of a layer.

    h has shape (N, fan_in), W (fan_in, fan_out) and b (fan_out,); the result (N, fan_out).
    """
    ### BEGIN SOLUTION
    return h @ W + b
    ### END SOLUTION

# %% [markdown] idea="linear" lang="en"
# Look at the shapes. (N, fan_in) and (fan_in, fan_out) are to become
# (N, fan_out): which size meets its equal and disappears? Then `b`, of shape
# (fan_out,), is to be added to each row. What does NumPy do when you add an
# array of shape (3,) to one of shape (2, 3)?

# %% [markdown] idea="linear" lang="ko"
# 모양을 보세요. (N, fan_in)과 (fan_in, fan_out)에서 (N, fan_out)이 나와야
# 합니다. 어떤 크기가 서로 만나서 없어질까요? 그다음 모양이 (fan_out,)인 `b`를
# 행마다 더합니다. 모양이 (2, 3)인 배열에 (3,)인 배열을 더하면 NumPy는 어떻게
# 할까요?

# %% [markdown] formula="linear" lang="en"
# h̃ = h · W + b
# h̃ₙⱼ = Σᵢ hₙᵢ · Wᵢⱼ + bⱼ

# %% [markdown] formula="linear" lang="ko"
# h̃ = h · W + b
# h̃ₙⱼ = Σᵢ hₙᵢ · Wᵢⱼ + bⱼ

# %% [markdown] commentary="linear" lang="en"
# One matrix product serves all examples and all units: row n of h · W is the
# sum of the rows of W, each times an entry of row n of h. `@` is that
# product; `*` would multiply entry by entry. `b` has one entry for each unit,
# and broadcasting adds it to every row, also when there are no rows at all.
# In torch it is `torch.nn.functional.linear(h, W.T, b)`: the weight of
# `torch.nn.Linear` has shape (fan_out, fan_in), the transpose of ours.

# %% [markdown] commentary="linear" lang="ko"
# 행렬 곱 한 번이 모든 데이터와 모든 유닛을 한꺼번에 계산합니다. h · W의 n번
# 행은 W의 행마다 h의 n번 행 성분을 곱해서 모두 더한 것입니다. `@`가 행렬
# 곱이고, `*`는 성분끼리 곱합니다. `b`에는 유닛마다 성분이 하나씩 있고,
# 브로드캐스팅이 그것을 모든 행에 더합니다. 행이 하나도 없어도 됩니다.
# torch에서는 `torch.nn.functional.linear(h, W.T, b)`입니다.
# `torch.nn.Linear`의 가중치는 모양이 (fan_out, fan_in), 곧 여기서 쓰는 W의
# 전치입니다.

# %% [markdown] lang="en"
# ## And the way back
#
# Upstream comes `dh_tilde`, the gradient of the loss with respect to $\tilde h$. Three things went into $\tilde h$, so
# three gradients come out. Write the line above for a single entry,
# $\tilde h_{nj} = \sum_i h_{ni} W_{ij} + b_j$, and ask for each of $h_{ni}$, $W_{ij}$ and $b_j$ where it occurs: **what is
# used several times collects from each use.** An entry of $h$ is used by every unit. A weight is used by every
# example, and so is a bias.

# %% [markdown] lang="ko"
# ## 그리고 되돌아오는 길
#
# 위에서 `dh_tilde`, 곧 $\tilde h$에 대한 손실의 그래디언트가 들어옵니다. $\tilde h$에는 세 가지가 들어갔으니 그래디언트도 세 개가
# 나옵니다. 위의 식을 성분 하나에 대해 $\tilde h_{nj} = \sum_i h_{ni} W_{ij} + b_j$라고 쓰고, $h_{ni}$, $W_{ij}$, $b_j$가 각각 어디에
# 나오는지 찾아보세요. **여러 번 쓰인 것은 쓰인 곳마다 그래디언트를 받아서 모두 더합니다.** $h$의 한 성분은 모든 유닛에서 쓰이고, 가중치 하나는
# 모든 데이터에서 쓰입니다. 편향도 그렇습니다.

# %% exercise="linear_backward"
def linear_backward(dh_tilde, h, W):
    """The gradients with respect to h, W and b of h_tilde = h @ W + b, where dh_tilde comes in.

    dh_tilde has shape (N, fan_out), h (N, fan_in) and W (fan_in, fan_out). Returns dh, dW, db, in this order and in the
    shapes of h, W and b; b has shape (fan_out,).
    """
    ### BEGIN SOLUTION
    return dh_tilde @ W.T, h.T @ dh_tilde, dh_tilde.sum(axis=0)
    ### END SOLUTION

# %% [markdown] idea="linear_backward" lang="en"
# Let the shapes lead you. dW must be (fan_in, fan_out), and it is made of
# `h`, (N, fan_in), and `dh_tilde`, (N, fan_out), in a product that sums over
# N: in which order, and which of the two transposed? Ask the same for dh,
# which sums over fan_out. In db only N disappears.

# %% [markdown] idea="linear_backward" lang="ko"
# 모양을 따라가 보세요. dW의 모양은 (fan_in, fan_out)이어야 하고, 재료는 `h`
# (N, fan_in)과 `dh_tilde` (N, fan_out)이며, N에 대해 더하는 곱입니다. 어떤
# 순서로, 어느 쪽을 전치해야 할까요? dh에서는 fan_out에 대해 더합니다.
# db에서는 N만 없어집니다.

# %% [markdown] formula="linear_backward" lang="en"
# dh = dh̃ · Wᵀ
# dW = hᵀ · dh̃
# db = Σₙ dh̃ₙ,  the sum of the rows of dh̃ = ∂L/∂h̃

# %% [markdown] formula="linear_backward" lang="ko"
# dh = dh̃ · Wᵀ
# dW = hᵀ · dh̃
# db = Σₙ dh̃ₙ,  곧 dh̃ = ∂L/∂h̃의 행을 모두 더한 것

# %% [markdown] commentary="linear_backward" lang="en"
# Wᵢⱼ occurs in h̃ₙⱼ for every n, with the factor hₙᵢ, so
# ∂L/∂Wᵢⱼ = Σₙ hₙᵢ · dh̃ₙⱼ, an entry of hᵀ · dh̃. The sum over the batch is
# inside the product: N outer products are added, and none of them is ever
# stored. bⱼ has the factor 1, so the rows are added as they are. Nothing is
# divided by N; averaging, if any, belongs to the loss. Two products of this
# size make the way back about twice as expensive as the way forward. torch
# keeps W transposed, so its `weight.grad` is the transpose of this dW.

# %% [markdown] commentary="linear_backward" lang="ko"
# Wᵢⱼ는 모든 n의 h̃ₙⱼ에 hₙᵢ와 곱해져 들어 있으므로
# ∂L/∂Wᵢⱼ = Σₙ hₙᵢ · dh̃ₙⱼ이고, 이것이 hᵀ · dh̃의 성분입니다. 배치에 대한 합은
# 행렬 곱 안에 들어 있습니다. 바깥곱(outer product) N개를 더하는 셈이지만
# 하나도 따로 저장하지 않습니다. bⱼ에는 1이 곱해져 있으므로 그대로 더합니다.
# N으로 나누는 것은 없습니다. 평균을 낸다면 손실에서 냅니다. 이만한 행렬 곱이
# 둘이므로 역전파의 계산은 순전파의 두 배쯤입니다. torch는 W를 전치해서
# 저장하므로 `weight.grad`는 이 dW의 전치입니다.

# %% [markdown] lang="en"
# ## The loss, where the way back begins
#
# $$\mathcal L = \sum_{i=1}^{N} \lVert y_i - \hat y_i \rVert_2^2$$
#
# is a single number: a **sum** over the examples and the outputs, with no mean and no ½. (Whoever takes the mean instead
# divides every gradient by the same number; the learning rate makes up for it. It must only be the same in loss and gradient.)
#
# Its gradient with respect to $\hat y$ is what goes into the network from behind. It is easily taken for "how wrong the
# network is", and here it is indeed proportional to the distance $\hat y - y$. In general a gradient says how fast the loss changes, and
# that isn't the same: below you will meet a loss whose gradient never exceeds 1, however wrong the network is.

# %% [markdown] lang="ko"
# ## 손실, 역전파가 시작되는 곳
#
# $$\mathcal L = \sum_{i=1}^{N} \lVert y_i - \hat y_i \rVert_2^2$$
#
# 손실은 수 하나입니다. 데이터와 출력에 대한 **합**이며, 평균도 아니고 ½도 없습니다. (평균을 쓰면 모든 그래디언트가 같은 수로 나누어지고, 그
# 차이는 학습률로 메울 수 있습니다. 다만 손실과 그래디언트에서 똑같이 해야 합니다.)
#
# $\hat y$에 대한 손실의 그래디언트가 신경망의 뒤쪽으로 들어갑니다. 그래디언트를 "정답에서 떨어진 정도"라고 생각하기 쉽고, 이 손실에서는
# 실제로 $\hat y - y$에 비례합니다. 그러나 그래디언트는 손실이 얼마나 빠르게 변하는지를 말할 뿐이고, 둘은 같지 않습니다. 아래에는
# 신경망이 아무리 많이 틀려도 그래디언트가 1을 넘지 않는 손실이 나옵니다.

# %% exercise="sse_loss"
def sse_loss(y_hat, y):
    """The sum of squared differences over all examples and outputs: a number.

    y_hat and y have the same shape, (N, outputs). Nothing is averaged or halved.
    """
    ### BEGIN SOLUTION
    return np.sum((y_hat - y) ** 2)
    ### END SOLUTION

# %% [markdown] idea="sse_loss" lang="en"
# Three steps: a difference, its square, a sum. The first two keep the shape,
# the last one leaves a single number of all axes. By hand: y_hat = [[1, 2]]
# and y = [[0, 4]] give 5.

# %% [markdown] idea="sse_loss" lang="ko"
# 차이, 제곱, 합의 세 단계입니다. 처음 두 단계에서는 모양이 그대로이고, 마지막
# 단계에서는 모든 축이 없어지고 수 하나가 남습니다. 손으로 해 보면
# y_hat = [[1, 2]], y = [[0, 4]]일 때 5입니다.

# %% [markdown] formula="sse_loss" lang="en"
# L = Σₙ Σⱼ (ŷₙⱼ − yₙⱼ)²

# %% [markdown] formula="sse_loss" lang="ko"
# L = Σₙ Σⱼ (ŷₙⱼ − yₙⱼ)²

# %% [markdown] commentary="sse_loss" lang="en"
# `np.sum` without an axis adds all entries, so the result has shape (). The
# squared norms of the rows, summed over the batch, are the same sum in
# another order. torch has
# `torch.nn.functional.mse_loss(..., reduction="sum")`; its default is the
# mean over all entries. A sum grows with the batch, and its gradient, too, so
# the learning rate has to fit the batch size. On the other hand a sum over no
# examples is 0, where a mean would be 0/0.

# %% [markdown] commentary="sse_loss" lang="ko"
# 축을 지정하지 않은 `np.sum`은 모든 성분을 더하므로 결과의 모양은 ()입니다.
# 행마다 노름의 제곱을 구해서 배치에 대해 더한 것과 같은 합이고, 더하는 순서만
# 다릅니다. torch에서는
# `torch.nn.functional.mse_loss(..., reduction="sum")`이고, 기본값은 모든
# 성분의 평균입니다. 합은 배치가 클수록 커지고 그래디언트도 그렇기 때문에,
# 학습률을 배치의 크기에 맞추어야 합니다. 그 대신 데이터가 하나도 없을 때
# 평균은 0/0이지만 합은 0입니다.

# %% exercise="sse_loss_backward"
def sse_loss_backward(y_hat, y):
    """The gradient of sse_loss with respect to y_hat, in the shape of y_hat."""
    ### BEGIN SOLUTION
    return 2 * (y_hat - y)
    ### END SOLUTION

# %% [markdown] idea="sse_loss_backward" lang="en"
# An entry of y_hat occurs in one summand only. Differentiate that summand; no
# sum is left. For the sign: where y_hat is too large, raising it makes the
# loss larger.

# %% [markdown] idea="sse_loss_backward" lang="ko"
# y_hat의 한 성분은 더하는 항 가운데 하나에만 들어 있습니다. 그 항만 미분하면
# 합은 남지 않습니다. 부호를 확인하려면, y_hat이 너무 큰 곳에서 더 키울 때
# 손실이 커지는지 작아지는지 생각해 보세요.

# %% [markdown] formula="sse_loss_backward" lang="en"
# ∂L/∂ŷ = 2 · (ŷ − y)

# %% [markdown] formula="sse_loss_backward" lang="ko"
# ∂L/∂ŷ = 2 · (ŷ − y)

# %% [markdown] commentary="sse_loss_backward" lang="en"
# ∂/∂ŷₙⱼ Σ (ŷ − y)² = 2 · (ŷₙⱼ − yₙⱼ): all other summands are constant. The 2
# comes from the square; whoever writes ½ in front of the loss does so to be
# rid of it. There is no sum and no N: a mean would divide loss and gradient
# alike. It is what torch autograd finds for `mse_loss` with
# `reduction="sum"`. The last layer is linear and ŷ is its h̃, so this is also
# the dh̃ with which `mlp_backward` begins. With respect to y it would have
# the other sign.

# %% [markdown] commentary="sse_loss_backward" lang="ko"
# ∂/∂ŷₙⱼ Σ (ŷ − y)² = 2 · (ŷₙⱼ − yₙⱼ)입니다. 다른 항은 모두 상수이기
# 때문입니다. 2는 제곱에서 나옵니다. 손실 앞에 ½을 붙이는 것은 이 2를 없애려는
# 것입니다. 합도 없고 N도 없습니다. 평균이라면 손실과 그래디언트를 똑같이
# 나눕니다. torch autograd가 `reduction="sum"`인 `mse_loss`에서 구하는 값과
# 같습니다. 마지막 층은 선형이고 ŷ가 그 층의 h̃이므로, 이것은 `mlp_backward`가
# 시작하는 dh̃이기도 합니다. y에 대한 그래디언트라면 부호가 반대입니다.

# %% [markdown] lang="en"
# ## A loss for yes and no
#
# When $y$ is 1 (yes) or 0 (no), the last $\tilde h$ is called a **logit** and the sigmoid makes a probability
# $p = \sigma(\tilde h)$ of it. The binary cross-entropy is
#
# $$\mathcal L = -\sum \bigl( y \log p + (1 - y) \log (1 - p) \bigr),$$
#
# again a **sum**, over all entries. As written it breaks down for a network that is very sure: at $\tilde h = 40$ the
# float64 $p$ is exactly 1, and $\log(1 - p)$ is $-\infty$. So sigmoid and logarithm belong into one function. Insert $p$, simplify on paper, and look
# for a form in which no exponential can overflow: $-\log \sigma(\tilde h) = \log(1 + e^{-\tilde h})$ is a beginning, and
# for a large exponent $\log(1 + e^{a})$ is nearly $a$ itself.

# %% [markdown] lang="ko"
# ## '예'와 '아니요'를 가리는 손실
#
# $y$가 1(예) 또는 0(아니요)일 때, 마지막 $\tilde h$를 **로짓**(logit)이라고 부르고, 시그모이드를 적용한 $p = \sigma(\tilde h)$를 확률로
# 봅니다. 이진 교차 엔트로피는 다음과 같습니다.
#
# $$\mathcal L = -\sum \bigl( y \log p + (1 - y) \log (1 - p) \bigr)$$
#
# 이것도 모든 성분에 대한 **합**입니다. 이 식을 그대로 계산하면, 신경망의 확신이 아주 클 때 계산이 무너집니다. $\tilde h = 40$이면 float64로 $p$는
# 정확히 1이고, $\log(1 - p)$는 $-\infty$가 됩니다. 그래서 시그모이드와 로그를 함수 하나로 합칩니다. $p$를 대입해서 종이 위에서 정리한
# 다음, 지수 함수가 넘치지 않는 꼴을 찾아보세요. $-\log \sigma(\tilde h) = \log(1 + e^{-\tilde h})$에서 시작할 수 있습니다. 그리고 $a$가 크면
# $\log(1 + e^{a})$는 거의 $a$ 자신입니다.

# %% exercise="bce_with_logits"
def bce_with_logits(h_tilde, y):
    """The binary cross-entropy of sigmoid(h_tilde) against y, summed over all entries: a number.

    h_tilde (the logits) and y have the same shape, any; y holds 0.0 and 1.0. The sum isn't averaged, and it is finite
    for logits as large as 10 000, of either sign.
    """
    ### BEGIN SOLUTION
    return np.sum(np.maximum(h_tilde, 0) - h_tilde * y + np.log1p(np.exp(-np.abs(h_tilde))))
    ### END SOLUTION

# %% [markdown] idea="bce_with_logits" lang="en"
# Of the two terms an entry keeps one: the first where y is 1, the second
# where y is 0. Write both as a log(1 + e^…); they differ by something without
# any logarithm. For the rest recall the first exercise of the first notebook:
# which exponent is never positive, whatever the sign of h̃?

# %% [markdown] idea="bce_with_logits" lang="ko"
# 두 항 가운데 하나만 남습니다. y가 1이면 첫째 항, 0이면 둘째 항입니다. 둘 다
# log(1 + e^…) 꼴로 써 보세요. 둘의 차이에는 로그가 없습니다. 나머지는 첫 번째
# 노트북의 첫 문제를 떠올려 보세요. h̃의 부호가 무엇이든 양수가 되지 않는
# 지수는 무엇일까요?

# %% [markdown] formula="bce_with_logits" lang="en"
# L = Σ ( log(1 + e^h̃) − h̃ · y )
# log(1 + e^h̃) = max(h̃, 0) + log(1 + e^(−|h̃|))

# %% [markdown] formula="bce_with_logits" lang="ko"
# L = Σ ( log(1 + e^h̃) − h̃ · y )
# log(1 + e^h̃) = max(h̃, 0) + log(1 + e^(−|h̃|))

# %% [markdown] commentary="bce_with_logits" lang="en"
# −log p = log(1 + e^h̃) − h̃ and −log(1 − p) = log(1 + e^h̃), so only the h̃
# depends on y. Taking max(h̃, 0) out leaves an exponent of −|h̃|.
# `np.log1p(t)` is log(1 + t) that keeps a tiny t: at −40 the loss for y = 0
# is 4e-18; `np.log` would give 0. `np.logaddexp(0, h_tilde)` does both at
# once. torch has `torch.nn.functional.binary_cross_entropy_with_logits`, its
# default the mean. Sigmoid and `binary_cross_entropy` apart fail there, too:
# at h̃ = 40 and y = 0 they give 100 in place of 40, and the gradient 0.

# %% [markdown] commentary="bce_with_logits" lang="ko"
# −log p = log(1 + e^h̃) − h̃, −log(1 − p) = log(1 + e^h̃)이므로 y에 달린 것은
# h̃ 항뿐입니다. max(h̃, 0)을 밖으로 꺼내면 지수가 −|h̃|가 됩니다.
# `np.log1p(t)`는 아주 작은 t도 잃지 않는 log(1 + t)입니다. y = 0일 때 −40에서
# 손실은 4e-18인데 `np.log`로는 0이 됩니다. `np.logaddexp(0, h_tilde)`는 둘을
# 한 번에 합니다. torch에서는
# `torch.nn.functional.binary_cross_entropy_with_logits`이고, 기본값은
# 평균입니다. torch에서도 시그모이드와 `binary_cross_entropy`를 따로 쓰면
# h̃ = 40, y = 0에서 40이 아니라 100, 그래디언트는 0이 나옵니다.

# %% [markdown] lang="en"
# Its gradient is as simple as can be: the slope of the sigmoid cancels against the derivative of the logarithm. That is
# no accident but the reason why the two are used together.

# %% [markdown] lang="ko"
# 이 손실의 그래디언트는 더없이 간단합니다. 시그모이드의 기울기가 로그의 도함수와 약분되기 때문입니다. 우연이 아닙니다. 둘을 함께 쓰는
# 이유가 바로 이것입니다.

# %% exercise="bce_with_logits_backward"
def bce_with_logits_backward(h_tilde, y):
    """The gradient of bce_with_logits with respect to h_tilde, in the shape of h_tilde; never NaN."""
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(h_tilde))
    return np.where(h_tilde >= 0, 1, small) / (1 + small) - y
    ### END SOLUTION

# %% [markdown] idea="bce_with_logits_backward" lang="en"
# Differentiate the simplified loss rather than the one with p. It has two
# parts: one is linear in h̃, and the derivative of log(1 + e^h̃) is an old
# acquaintance. Where is the result positive, for y = 0 and for y = 1?

# %% [markdown] idea="bce_with_logits_backward" lang="ko"
# p가 들어 있는 식 말고 정리한 손실을 미분해 보세요. 두 부분 가운데 하나는
# h̃의 일차식이고, log(1 + e^h̃)의 도함수는 이미 아는 함수입니다. y = 0일 때와
# y = 1일 때 결과의 부호는 각각 무엇일까요?

# %% [markdown] formula="bce_with_logits_backward" lang="en"
# ∂L/∂h̃ = σ(h̃) − y = p − y

# %% [markdown] formula="bce_with_logits_backward" lang="ko"
# ∂L/∂h̃ = σ(h̃) − y = p − y

# %% [markdown] commentary="bce_with_logits_backward" lang="en"
# d/dh̃ (log(1 + e^h̃) − h̃ · y) = e^h̃/(1 + e^h̃) − y = p − y. By way of p it
# would be (p − y)/(p · (1 − p)) times p · (1 − p): the same on paper, but NaN
# in floats once p is exactly 1. The reference writes the sigmoid with
# e^(−|h̃|), as in the first notebook, and takes y off. torch autograd gives
# the same for `binary_cross_entropy_with_logits` with `reduction="sum"`. No
# entry is larger than 1 in size: a wild logit can't blow up the gradient, and
# one that is far on the wrong side gets nearly 1.

# %% [markdown] commentary="bce_with_logits_backward" lang="ko"
# d/dh̃ (log(1 + e^h̃) − h̃ · y) = e^h̃/(1 + e^h̃) − y = p − y입니다. p를 거쳐
# 가면 (p − y)/(p · (1 − p))에 p · (1 − p)를 곱한 것입니다. 종이 위에서는
# 같지만, p가 정확히 1이 되면 컴퓨터에서는 NaN이 됩니다. 모범 답안은 첫 번째
# 노트북처럼 e^(−|h̃|)로 시그모이드를 구하고 y를 뺍니다. torch autograd가
# `reduction="sum"`인 `binary_cross_entropy_with_logits`에서 구하는 값도
# 같습니다. 어떤 성분도 크기가 1을 넘지 않습니다. 로짓이 아무리 커도
# 그래디언트는 폭발하지 않고, 크게 틀린 로짓에서는 거의 1입니다.

# %% [markdown] lang="en"
# What is cancelled there can be seen. The answer is no ($y = 0$) and the network says yes, more and more surely from left
# to right. One line is the gradient of your cross-entropy; the other is that of $(\sigma(\tilde h) - 0)^2$, a squared loss
# behind a sigmoid. (Pictures need matplotlib: `pip install matplotlib`. They are not graded.)

# %% [markdown] lang="ko"
# 무엇이 약분되는지 눈으로 볼 수 있습니다. 정답은 '아니요'($y = 0$)인데 신경망은 '예'라고 하고, 오른쪽으로 갈수록 더 확신합니다. 한 선은
# 여러분이 작성한 교차 엔트로피의 그래디언트이고, 다른 선은 시그모이드 뒤에 제곱 손실을 둔 $(\sigma(\tilde h) - 0)^2$의 그래디언트입니다.
# (그림에는 matplotlib이 필요합니다: `pip install matplotlib`. 그림은 채점하지 않습니다.)

# %% tags=["experiment", "raises-exception"]
import matplotlib.pyplot as plt

from htilde.pictures import show

logits = np.linspace(-6, 10, 161)
p = 1 / (1 + np.exp(-logits))
both = {
    "cross-entropy": bce_with_logits_backward(logits, np.zeros_like(logits)),
    "squares behind a sigmoid": sse_loss_backward(p, np.zeros_like(p)) * p * (1 - p),
}
figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
for (name, gradient), line in zip(both.items(), ("solid", "dashed")):
    axes.plot(logits, gradient, linestyle=line, label=name)
axes.set(xlabel="h_tilde (the right answer is no)", ylabel="gradient")
axes.legend()
ends = ", ".join(f"{gradient[-1]:.2g} for {name}" for name, gradient in both.items())
show(figure, alt=f"The gradient of two losses over the logit. Where the network is sure and wrong, at 10: {ends}.")

# %% [markdown] lang="en"
# A network that is sure and wrong gets the strongest signal from one loss and none from the other. A gradient can vanish at the
# very first step of its way.
#
# ## There ...
#
# A network of $L$ layers: $L - 1$ hidden ones, each linear and then activated, and a linear layer at the end whose
# $\tilde h$ is the output $\hat y$. `weights` and `biases` are lists with an entry for each of the $L$ layers, from the
# one next to the input on. Keep what you meet on the way: the way back will need it.

# %% [markdown] lang="ko"
# 확신하면서 틀린 신경망은 한 손실에서는 가장 강한 신호를 받고, 다른 손실에서는 아무 신호도 받지 못합니다. 그래디언트는 되돌아오는 길의 첫걸음에서부터
# 사라질 수 있습니다.
#
# ## 가는 길
#
# 층이 $L$개인 신경망입니다. 은닉층 $L - 1$개는 선형 변환 다음에 활성 함수를 적용하고, 마지막 층은 선형이며 그 $\tilde h$가 출력
# $\hat y$입니다. `weights`와 `biases`는 입력에 가까운 층부터 차례로 $L$개 층의 값을 담은 리스트입니다. 지나가면서 만나는 값은 간직해 두세요.
# 되돌아올 때 필요합니다.

# %% exercise="mlp_forward"
def mlp_forward(x, weights, biases, activation):
    """The forward pass of a network of L layers, the last of which is linear.

    x has shape (N, D); weights and biases are lists of L arrays, of shapes (fan_in, fan_out) and (fan_out,); L is at
    least 1. activation is "sigmoid", "tanh" or "relu".

    Returns h_tildes, hs, y_hat: two lists with the pre-activations and the activations of the L - 1 hidden layers, both
    from the layer next to the input on, and the output, which isn't activated.
    """
    ### BEGIN SOLUTION
    functions = {
        "sigmoid": lambda h_tilde: 0.5 * (1 + np.tanh(h_tilde / 2)),
        "tanh": np.tanh,
        "relu": lambda h_tilde: np.maximum(h_tilde, 0),
    }
    h, h_tildes, hs = x, [], []
    for W, b in zip(weights[:-1], biases[:-1]):
        h_tildes.append(h @ W + b)
        h = functions[activation](h_tildes[-1])
        hs.append(h)
    return h_tildes, hs, h @ weights[-1] + biases[-1]
    ### END SOLUTION

# %% [markdown] idea="mlp_forward" lang="en"
# Write a loop over the hidden layers, with one variable for what the layer
# receives: x at first, then the h of the layer before. Keep both h̃ and h of
# each round. For L = 1 the loop has nothing to do. What follows it?

# %% [markdown] idea="mlp_forward" lang="ko"
# 은닉층에 대한 반복문을 쓰고, 층이 받는 값을 변수 하나에 담아 두세요.
# 처음에는 x이고 그다음에는 앞 층의 h입니다. 반복할 때마다 h̃와 h를 모두
# 간직합니다. L = 1이면 반복문은 할 일이 없습니다. 반복문 다음에는 무엇이
# 있어야 할까요?

# %% [markdown] formula="mlp_forward" lang="en"
# h₀ = x
# h̃ₗ = hₗ₋₁ · Wₗ + bₗ,  hₗ = σ(h̃ₗ)   for each hidden layer ℓ
# ŷ = h · W + b   with the last h, the last W and the last b

# %% [markdown] formula="mlp_forward" lang="ko"
# h₀ = x
# h̃ₗ = hₗ₋₁ · Wₗ + bₗ,  hₗ = σ(h̃ₗ)   (은닉층 ℓ마다)
# ŷ = h · W + b   (마지막 h, 마지막 W, 마지막 b)

# %% [markdown] commentary="mlp_forward" lang="en"
# `weights[:-1]` are the hidden layers; the last one stands outside of the
# loop because it isn't activated. The names of the activations are looked up
# in a dictionary, which spares three branches. The sigmoid is written as
# ½ · (1 + tanh(h̃/2)), the same function without an overflow, since
# tanh(z) = 2 · σ(2z) − 1; far to the left it has fewer right digits than the
# form of the first notebook, three at h̃ = −30. In torch this is
# `torch.nn.Sequential`. Autograd, too, keeps arrays of every layer for the
# way back, and memory is needed for all of them.

# %% [markdown] commentary="mlp_forward" lang="ko"
# `weights[:-1]`이 은닉층입니다. 마지막 층에는 활성 함수를 적용하지 않으므로
# 반복문 밖에 있습니다. 활성 함수는 이름으로 딕셔너리에서 찾으므로 if가 필요
# 없습니다. 시그모이드는 ½ · (1 + tanh(h̃/2))로 썼습니다.
# tanh(z) = 2 · σ(2z) − 1이므로 같은 함수이고 넘치지 않습니다. 다만 왼쪽으로
# 멀어지면 첫 번째 노트북의 꼴보다 맞는 자릿수가 적습니다. h̃ = −30에서 세
# 자리입니다. torch에서는 `torch.nn.Sequential`입니다. autograd도 역전파를
# 위해 층마다 배열을 간직하므로, 그만큼 메모리가 필요합니다.

# %% [markdown] lang="en"
# ## ... and back
#
# Now everything together, for the loss `sse_loss(y_hat, y)`. Begin with its gradient, which is the `dh_tilde` of the
# last layer. From there on the same two steps repeat in each layer: the linear half turns `dh_tilde` into `dW`, `db` and the `dh`
# of the layer in front of it; that layer's activation turns `dh` into its `dh_tilde`,
#
# $$
# \frac{\partial \mathcal L}{\partial \tilde h_{\ell}}
# = \left( \frac{\partial \mathcal L}{\partial \tilde h_{\ell+1}} \cdot W_{\ell+1}^\intercal \right) \odot \sigma'(\tilde h_\ell).
# $$
#
# Read it from right to left and you see what happens to a gradient in one layer: it is multiplied by weights **and** by
# slopes. That slopes are smaller than 1 makes it shrink only as far as the weights don't make up for it.
#
# If your answer is wrong, the message tells which gradient is the first wrong one on the way back. Begin there.

# %% [markdown] lang="ko"
# ## 되돌아오는 길
#
# 이제 모두 모아서, 손실 `sse_loss(y_hat, y)`에 대한 역전파를 작성합니다. 손실의 그래디언트에서 시작합니다. 그것이 마지막 층의
# `dh_tilde`입니다. 그다음부터는 층마다 같은 두 걸음이 되풀이됩니다. 선형 변환은 `dh_tilde`로부터 `dW`, `db`, 그리고 앞 층의 `dh`를
# 만들고, 앞 층의 활성 함수는 `dh`로부터 그 층의 `dh_tilde`를 만듭니다.
#
# $$
# \frac{\partial \mathcal L}{\partial \tilde h_{\ell}}
# = \left( \frac{\partial \mathcal L}{\partial \tilde h_{\ell+1}} \cdot W_{\ell+1}^\intercal \right) \odot \sigma'(\tilde h_\ell)
# $$
#
# 이 식은 한 층에서 그래디언트에 일어나는 일을 말해 줍니다. 가중치가 곱해지고, **그리고** 기울기가 곱해집니다. 기울기가 1보다 작다고
# 해서 그래디언트가 반드시 작아지는 것은 아닙니다. 가중치가 그만큼 메우지 못할 때 작아집니다.
#
# 답이 틀리면, 되돌아오는 길에서 처음 틀린 그래디언트가 무엇인지 메시지가 알려 줍니다. 거기에서부터 살펴보세요.

# %% exercise="mlp_backward"
def mlp_backward(x, y, h_tildes, hs, y_hat, weights, activation):
    """The gradients of sse_loss(y_hat, y) with respect to all weights, biases and hidden pre-activations.

    h_tildes, hs and y_hat are what mlp_forward returned for x, with the same weights and activation; y has the shape of
    y_hat. ReLU's derivative is 0 at exactly 0.

    Returns dWs, dbs, dh_tildes, three lists that begin with the layer next to the input: L arrays in the shapes of the
    weights, L in those of the biases, (fan_out,), and L - 1 in those of h_tildes.
    """
    ### BEGIN SOLUTION
    slopes = {
        "sigmoid": lambda h_tilde, h: h * (1 - h),
        "tanh": lambda h_tilde, h: (1 - h) * (1 + h),
        "relu": lambda h_tilde, h: np.where(h_tilde > 0, 1.0, 0.0),
    }
    dh_tilde = 2 * (y_hat - y)
    dWs, dbs, dh_tildes = [], [], []
    for layer in reversed(range(len(weights))):
        h = hs[layer - 1] if layer > 0 else x
        dWs.append(h.T @ dh_tilde)
        dbs.append(dh_tilde.sum(axis=0))
        if layer > 0:
            dh = dh_tilde @ weights[layer].T
            dh_tilde = dh * slopes[activation](h_tildes[layer - 1], hs[layer - 1])
            dh_tildes.append(dh_tilde)
    return dWs[::-1], dbs[::-1], dh_tildes[::-1]
    ### END SOLUTION

# %% [markdown] idea="mlp_backward" lang="en"
# Walk from the last layer to the first with one array in hand, the dh̃ of the
# layer where you are. With what that layer received it gives dW and db: where
# in `hs` does that stand, and what is it for the first layer? Then take dh̃
# one layer further. Write it for L = 2 without a loop first.

# %% [markdown] idea="mlp_backward" lang="ko"
# 마지막 층에서 첫 번째 층까지 배열 하나, 곧 지금 있는 층의 dh̃를 들고 걸어가
# 보세요. dh̃와 그 층이 받은 값에서 그 층의 dW와 db가 나옵니다. 층이 받은 값은
# `hs`의 어디에 있고, 첫 번째 층에서는 무엇일까요? 그다음 dh̃를 한 층 앞으로
# 옮깁니다. 먼저 L = 2일 때를 반복문 없이 써 보세요.

# %% [markdown] formula="mlp_backward" lang="en"
# dh̃ = 2 · (ŷ − y)   at the last layer
# dWₗ = hₗ₋₁ᵀ · dh̃ₗ,  dbₗ = the sum of the rows of dh̃ₗ,  with h₀ = x
# dh̃ₗ₋₁ = (dh̃ₗ · Wₗᵀ) ⊙ σ'(h̃ₗ₋₁)
# σ' = h · (1 − h), or 1 − h², or 1 where h̃ > 0 and 0 elsewhere

# %% [markdown] formula="mlp_backward" lang="ko"
# dh̃ = 2 · (ŷ − y)   (마지막 층)
# dWₗ = hₗ₋₁ᵀ · dh̃ₗ,  dbₗ = dh̃ₗ의 행을 모두 더한 것,  여기서 h₀ = x
# dh̃ₗ₋₁ = (dh̃ₗ · Wₗᵀ) ⊙ σ'(h̃ₗ₋₁)
# σ' = h · (1 − h), 1 − h², 또는 h̃ > 0이면 1, 아니면 0

# %% [markdown] commentary="mlp_backward" lang="en"
# The derivation is the formula of the notebook, once for each layer. Look at
# the order in the loop: dW and db are taken while `dh_tilde` is still this
# layer's; only then it is replaced by that of the layer in front, and in
# front of the first there is none. The slopes come from h, which is there
# already, so no exponential is computed again; ReLU's mask could come from h
# as well. The lists grow from the back and are turned round at the end.
# `loss.backward()` in torch goes the same way, through the graph recorded on
# the way forward.

# %% [markdown] commentary="mlp_backward" lang="ko"
# 유도 과정은 노트북의 식을 층마다 한 번씩 쓴 것입니다. 반복문 안의 순서를
# 보세요. `dh_tilde`가 아직 이 층의 것일 때 dW와 db를 구하고, 그다음에야 앞
# 층의 것으로 바꿉니다. 첫 번째 층 앞에는 층이 없습니다. 기울기는 이미 있는
# h로 구하므로 지수 함수를 다시 계산하지 않습니다. ReLU에서 꺼진 곳도 h로 알
# 수 있습니다. 리스트는 뒤에서부터 채우고 끝에서 순서를 뒤집습니다. torch의
# `loss.backward()`도 순전파에서 기록한 그래프를 따라 같은 길을 되돌아갑니다.

# %% [markdown] lang="en"
# ## How much arrives
#
# One number for each layer says how large its gradient is: the norm of $\partial \mathcal L / \partial W_\ell$, all entries squared,
# summed, and the root taken.

# %% [markdown] lang="ko"
# ## 얼마나 도착할까요
#
# 층마다 수 하나로 그래디언트의 크기를 나타냅니다. $\partial \mathcal L / \partial W_\ell$의 노름, 곧 모든 성분을 제곱해서 더한 다음
# 제곱근을 취한 값입니다.

# %% exercise="gradient_norms"
def gradient_norms(dWs):
    """The norm of each layer's gradient: the root of the sum of squares of all entries.

    dWs is a list of L arrays, the result an array of shape (L,), in the same order.
    """
    ### BEGIN SOLUTION
    return np.array([np.sqrt(np.sum(dW**2)) for dW in dWs])
    ### END SOLUTION

# %% [markdown] idea="gradient_norms" lang="en"
# Write it for a single array first: [[3, 4]] has the norm 5. The layers have
# different shapes, so they don't fit into one array; go through the list and
# collect a number for each.

# %% [markdown] idea="gradient_norms" lang="ko"
# 먼저 배열 하나에 대해 작성해 보세요. [[3, 4]]의 노름은 5입니다. 층마다
# 모양이 달라서 배열 하나에 담을 수 없으니, 리스트를 차례로 지나며 층마다 수를
# 하나씩 모으세요.

# %% [markdown] formula="gradient_norms" lang="en"
# norm of layer ℓ = √( Σᵢⱼ (∂L/∂Wᵢⱼ)² ),  all entries of Wₗ

# %% [markdown] formula="gradient_norms" lang="ko"
# 층 ℓ의 노름 = √( Σᵢⱼ (∂L/∂Wᵢⱼ)² ),  Wₗ의 모든 성분에 대한 합

# %% [markdown] commentary="gradient_norms" lang="en"
# This is the length of dW read as one long vector, by Pythagoras; for
# matrices it is called the Frobenius norm. `np.linalg.norm(dW)` computes it,
# and `torch.linalg.vector_norm(dW)`. With a 2 as its second argument NumPy's
# computes something else, the largest singular value. The root of the sum of
# the squares of all these norms is `torch.nn.utils.get_total_norm`, which
# gradient clipping looks at. Mind the sizes when you compare layers: four
# times as many entries of the same size make the norm twice as large.

# %% [markdown] commentary="gradient_norms" lang="ko"
# dW를 긴 벡터 하나로 보았을 때의 길이로, 피타고라스 정리 그대로입니다.
# 행렬에서는 프로베니우스 노름이라고 합니다. `np.linalg.norm(dW)`, torch에서는
# `torch.linalg.vector_norm(dW)`로 계산할 수 있습니다. NumPy의 함수에 두 번째
# 인자로 2를 주면 다른 값, 곧 가장 큰 특잇값이 나옵니다. 층마다 구한 노름을
# 제곱해서 더하고 제곱근을 취한 것이 `torch.nn.utils.get_total_norm`이고,
# 그래디언트 클리핑이 보는 값입니다. 층을 견줄 때는 크기에 주의하세요. 크기가
# 같은 성분이 네 배 많으면 노름은 두 배입니다.

# %% [markdown] lang="en"
# ## On real data
#
# The first 300 of the handwritten digits that come with scikit-learn (`pip install scikit-learn`) go through networks of
# twelve layers that should tell which of ten digits each is, and back. The weights are drawn at random; `gain` is
# their size, times $1/\sqrt{\text{fan in}}$. Left the gain is 1 for all three activations. Right there are sigmoid
# networks only, with gains from 1 to 64.

# %% [markdown] lang="ko"
# ## 실제 데이터에서
#
# scikit-learn에 들어 있는 손글씨 숫자(`pip install scikit-learn`) 가운데 처음 300개를, 열 개의 숫자 가운데 무엇인지 맞혀야 하는 열두 층짜리
# 신경망에 통과시킨 다음 역전파합니다. 가중치는 무작위로 뽑고, `gain`은 그 크기를 $1/\sqrt{\text{fan in}}$에 대한 배수로 나타낸
# 것입니다. 왼쪽은 활성 함수 셋을 모두 gain 1로, 오른쪽은 시그모이드 신경망만 gain을 1에서 64까지 바꾸어 그린 것입니다.

# %% tags=["experiment", "raises-exception"]
from sklearn.datasets import load_digits

digits = load_digits()
x, y = digits.data[:300] / 16 - 0.3, np.eye(10)[digits.target[:300]]


def norms_by_layer(activation, gain, depth=12, width=64):
    """The size of the gradient at each layer of a random network."""
    rng = np.random.default_rng(0)
    sides = [x.shape[1], *[width] * (depth - 1), y.shape[1]]
    weights = [rng.normal(0, gain / np.sqrt(fan_in), (fan_in, fan_out)) for fan_in, fan_out in zip(sides, sides[1:])]
    biases = [np.zeros(fan_out) for fan_out in sides[1:]]
    h_tildes, hs, y_hat = mlp_forward(x, weights, biases, activation)
    return gradient_norms(mlp_backward(x, y, h_tildes, hs, y_hat, weights, activation)[0])


by_activation = {name: norms_by_layer(name, 1.0) for name in ("sigmoid", "tanh", "relu")}
by_gain = {f"gain {gain:g}": norms_by_layer("sigmoid", gain) for gain in (1.0, 4.0, 16.0, 64.0)}
figure, both = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained", sharey=True)
for axes, norms, title in zip(both, (by_activation, by_gain), ("gain 1", "sigmoid")):
    for (name, sizes), marker in zip(norms.items(), "os^D"):
        axes.semilogy(np.arange(1, len(sizes) + 1), sizes, marker=marker, label=name)
    axes.set(title=title, xlabel="layer (1 is next to the input)")
    axes.legend()
both[0].set(ylabel="norm of dW")
ratios = {name: sizes[0] / sizes[-1] for name, sizes in {**by_activation, **by_gain}.items()}
told = ", ".join(f"{ratio:.1g} for {name}" for name, ratio in ratios.items())
show(figure, alt=f"Norm of dW in each of twelve layers. That of the first layer, as a multiple of the last one's: {told}.")

# %% [markdown] lang="en"
# "The slopes are smaller than 1, therefore the gradient vanishes" is half of the story. The weights take part in every
# layer: large ones make up for small slopes, and still larger ones let the gradient grow on its way back, until it
# explodes. That is no remedy. With large weights most units are saturated, and the few that happen to lie near 0 carry
# all of the gradient.
#
# The line of ReLU holds another surprise: it is nearly flat, although half of the gradient's paths are switched off in
# each layer. `dW` is the product of `dh_tilde`, which shrinks towards the input, and $h$, which shrinks towards the
# output, by as much. A norm of `dW` that looks healthy needn't mean that the gradient gets through. Plot `dh_tildes` and see.

# %% [markdown] lang="ko"
# "기울기가 1보다 작으니 그래디언트는 사라진다"는 말은 절반만 맞습니다. 층마다 가중치도 함께 곱해집니다. 가중치가 크면 작은 기울기를
# 메워 주고, 더 크면 그래디언트가 되돌아오면서 오히려 커지다가 폭발합니다. 그렇다고 해결책은 아닙니다. 가중치가 크면 유닛은 대부분
# 포화되고, 어쩌다 0 근처에 있는 몇몇 유닛이 그래디언트를 모두 떠맡습니다.
#
# ReLU의 선에도 뜻밖의 점이 있습니다. 층마다 그래디언트가 지날 길의 절반이 꺼지는데도 선이 거의 평평합니다. `dW`는 입력 쪽으로 갈수록 작아지는
# `dh_tilde`와 출력 쪽으로 갈수록 그만큼 작아지는 $h$의 곱이기 때문입니다. `dW`의 노름이 괜찮아 보인다고 해서 그래디언트가 잘 전달된다는
# 뜻은 아닙니다. `dh_tildes`를 그려서 확인해 보세요.

# %% [markdown] lang="en"
# ## Does it learn?
#
# A gradient is good for one thing: a small step against it makes the loss smaller. Two sigmoid networks take two hundred such steps
# with your gradients, one with a single hidden layer, one with five. Below is the loss per example. (A network that
# gives 1/10 to each of the ten digits, whatever it sees, has a loss of $0.9^2 + 9 \cdot 0.1^2 = 0.9$.)

# %% [markdown] lang="ko"
# ## 학습이 될까요
#
# 그래디언트의 쓸모는 하나입니다. 그 반대 방향으로 조금 움직이면 손실이 작아집니다. 은닉층이 하나인 시그모이드 신경망과 다섯인 신경망이 여러분의
# 그래디언트로 이백 스텝 동안 학습합니다. 아래는 데이터 하나당 손실입니다. (무엇을 보든 열 개의 숫자에 모두 1/10이라고 답하는 신경망의 손실은
# $0.9^2 + 9 \cdot 0.1^2 = 0.9$입니다.)

# %% tags=["experiment", "raises-exception"]
curves, moved = {}, {}
for hidden in (1, 5):
    rng = np.random.default_rng(1)
    sides = [64, *[32] * hidden, 10]
    weights = [rng.normal(0, 1 / np.sqrt(fan_in), (fan_in, fan_out)) for fan_in, fan_out in zip(sides, sides[1:])]
    biases = [np.zeros(fan_out) for fan_out in sides[1:]]
    first, losses = weights[0].copy(), []
    for _ in range(200):
        h_tildes, hs, y_hat = mlp_forward(x, weights, biases, "sigmoid")
        losses.append(sse_loss(y_hat, y) / len(x))
        dWs, dbs, dh_tildes = mlp_backward(x, y, h_tildes, hs, y_hat, weights, "sigmoid")
        weights = [W - 0.05 / len(x) * dW for W, dW in zip(weights, dWs)]
        biases = [b - 0.05 / len(x) * db for b, db in zip(biases, dbs)]
    curves[f"{hidden} hidden"] = losses
    moved[f"{hidden} hidden"] = np.linalg.norm(weights[0] - first) / np.linalg.norm(first)
figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
for (name, losses), line in zip(curves.items(), ("solid", "dashed")):
    axes.semilogy(losses, linestyle=line, label=name)
axes.set(xlabel="step", ylabel="loss per example")
axes.legend()
told = "; ".join(
    f"{name}: from {losses[0]:.2g} to {losses[-1]:.2g}, W_1 moved by {moved[name]:.1%}" for name, losses in curves.items()
)
show(figure, alt=f"Loss over two hundred steps of two networks. {told}.")
print(told)

# %% [markdown] lang="en" question="what_the_weights_do"
# ## In your own words
#
# In the picture with two halves the first layer of the sigmoid network gets next to nothing at gain 1; the larger the
# gain, the more arrives. Explain in three to six sentences, with the formula for
# $\partial \mathcal L / \partial \tilde h_\ell$ above: which factors does the gradient meet in each layer on its way back?
# About how much does a layer leave of it at gain 1, and where does that number come from? What does a larger gain change
# about each of the factors, and why does a gain of 4 not make it four times as much in each layer?
#
# *(Write your answer here, in place of this line. A person reads it.)*

# %% [markdown] lang="ko" question="what_the_weights_do"
# ## 여러분의 말로
#
# 좌우 두 칸으로 된 그림을 보면, 시그모이드 신경망의 첫 번째 층은 gain이 1일 때 그래디언트를 거의 받지 못하고, gain이 커질수록 더 많이
# 받습니다. 위에 나온 $\partial \mathcal L / \partial \tilde h_\ell$의 식을 써서 세 문장에서 여섯 문장으로 설명해 보세요. 그래디언트는
# 되돌아오면서 층마다 어떤 인수를 만날까요? gain이 1이면 한 층을 지날 때마다 대략 얼마가 남고, 그 수는 어디에서 올까요? gain이 커지면 각
# 인수는 어떻게 달라질까요? 그리고 gain이 4라고 해서 왜 층마다 네 배가 되지는 않을까요?
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
