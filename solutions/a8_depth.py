# %% [markdown] lang="en"
# # Forty layers
#
# The last notebook asks the question of the first: why does a network of forty layers not learn, and what helps? You
# have met all of the suspects, one by one: slopes of activations, sizes of weights, what normalization does, what a
# shortcut adds. Now they meet in one place. You write an instrument that shows how much gradient arrives, and the training; at the
# end seven networks of forty layers run against each other, each with one thing changed.
#
# The network is that of the second notebook, and its activation may be a leaky ReLU as well,
#
# $$
# \tilde h_\ell = h_{\ell-1} \cdot W_\ell + b_\ell, \qquad h_\ell = \sigma(\tilde h_\ell), \qquad h_0 = x, \qquad
# \hat y = \tilde h_L, \qquad \mathcal L = \sum_i \lVert \hat y_i - y_i \rVert^2 .
# $$
#
# `activation` is `"sigmoid"`, `"tanh"`, `"relu"` or `"leaky_relu"`, the last one with the slope 0.01 on the negative side. By agreement the derivatives
# at exactly 0 are those of the negative side: 0 for ReLU, 0.01 for leaky ReLU.
#
# **How to work.** Replace each `raise NotImplementedError` with your answer, run the cell, then run the `check` cell
# below it. All arrays are float64. Return new arrays and leave the arguments as they are. NumPy is all you need.

# %% [markdown] lang="ko"
# # 마흔 층
#
# 마지막 노트북은 첫 번째 노트북의 질문으로 돌아갑니다. 마흔 층짜리 신경망은 왜 학습되지 않고, 무엇이 도움이 될까요? 용의자는 하나씩 모두 만나
# 보았습니다. 활성 함수의 기울기, 가중치의 크기, 정규화가 하는 일, 지름길이 보태는 것. 이제 모두 한자리에 모입니다. 여러분은 그래디언트가 얼마나
# 도착하는지 보여 주는 측정 도구와 학습을 작성하고, 마지막에는 한 가지씩만 다르게 만든 마흔 층짜리 신경망 일곱 개를 겨루게 합니다.
#
# 신경망은 두 번째 노트북의 것이고, 활성 함수로 leaky ReLU도 쓸 수 있습니다.
#
# $$
# \tilde h_\ell = h_{\ell-1} \cdot W_\ell + b_\ell, \qquad h_\ell = \sigma(\tilde h_\ell), \qquad h_0 = x, \qquad
# \hat y = \tilde h_L, \qquad \mathcal L = \sum_i \lVert \hat y_i - y_i \rVert^2
# $$
#
# `activation`은 `"sigmoid"`, `"tanh"`, `"relu"`, `"leaky_relu"` 가운데 하나이고, 마지막 것은 음수 쪽의 기울기가 0.01입니다. 정확히 0에서의 도함수는
# 음수 쪽의 값으로 약속합니다. ReLU는 0, leaky ReLU는 0.01입니다.
#
# **푸는 방법.** `raise NotImplementedError`를 여러분의 답으로 바꾸고, 셀을 실행한 다음, 그 아래의 `check` 셀을 실행하세요. 배열은 모두
# float64입니다. 새 배열을 반환하고 인자는 바꾸지 마세요. NumPy만 있으면 됩니다.

# %%
import numpy as np

from htilde import check

# %% [markdown] lang="en"
# ## A place for your own tools
#
# The cell below is yours and isn't graded. Bring what you have written in earlier notebooks: `mlp_forward` and `mlp_backward` are
# most of what is asked here (add the leaky ReLU to them). Also bring `batchnorm_train` and `batchnorm_backward` from the fourth notebook,
# and `residual_forward` and `residual_backward` from the fifth, with the helpers they call: the experiment at the end uses
# them, and leaves out what isn't there. The cell runs when your work is graded, so what stands there is there for your functions, too.

# %% [markdown] lang="ko"
# ## 여러분의 도구 상자
#
# 아래 셀은 여러분의 것이고 채점하지 않습니다. 앞의 노트북에서 작성한 함수를 가져오세요. `mlp_forward`와 `mlp_backward`에 leaky ReLU를 보태면 여기서
# 할 일의 대부분이 끝납니다. 네 번째 노트북의 `batchnorm_train`과 `batchnorm_backward`, 다섯 번째 노트북의 `residual_forward`와
# `residual_backward`도 그 함수들이 부르는 함수와 함께 가져오세요. 마지막 실험에서 쓰고, 없는 것은 건너뜁니다. 채점할 때도 이 셀을 실행하므로,
# 여기에 둔 함수는 그때에도 쓸 수 있습니다.

# %%
# Your own functions can go here.

# %% [markdown] lang="en"
# ## How much arrives
#
# The instrument first: how large is the gradient at each layer? Not that of $W_\ell$, which depends on what came in at the
# layer as well, but that of the pre-activation, $\partial \mathcal L / \partial \tilde h_\ell$, of shape $(N, \text{fan out})$. For the last
# layer that is $2 (\hat y - y)$, and from there it goes from layer to layer:
#
# $$
# \frac{\partial \mathcal L}{\partial \tilde h_{\ell-1}}
# = \left( \frac{\partial \mathcal L}{\partial \tilde h_\ell} \cdot W_\ell^\intercal \right) \odot \sigma'(\tilde h_{\ell-1}).
# $$
#
# The norm is the root of the sum of the squares of all $N \cdot \text{fan out}$ entries. If the first layer's is $q$ times the last one's, a layer
# leaves a factor of $q^{1/(L-1)}$ of the gradient on average: that is what a remedy has to bring near 1.
#
# If your answer is wrong, the message tells at which layer, on the way back. Begin there.

# %% [markdown] lang="ko"
# ## 얼마나 도착할까요
#
# 먼저 측정 도구입니다. 층마다 그래디언트는 얼마나 클까요? $W_\ell$의 그래디언트는 그 층에 들어온 값에도 달려 있으므로, 여기서는 모양이
# $(N, \text{fan out})$인 $\partial \mathcal L / \partial \tilde h_\ell$을 봅니다. 마지막 층에서는 $2 (\hat y - y)$이고, 거기에서 한 층씩 되돌아갑니다.
#
# $$
# \frac{\partial \mathcal L}{\partial \tilde h_{\ell-1}}
# = \left( \frac{\partial \mathcal L}{\partial \tilde h_\ell} \cdot W_\ell^\intercal \right) \odot \sigma'(\tilde h_{\ell-1})
# $$
#
# 노름은 $N \cdot \text{fan out}$개의 성분을 모두 제곱해서 더하고 제곱근을 취한 값입니다. 첫 번째 층의 노름이 마지막 층의 $q$배라면, 그래디언트는 한 층을 지날 때마다
# 평균 $q^{1/(L-1)}$배가 됩니다. 해결책이 할 일은 이 수를 1에 가깝게 만드는 것입니다.
#
# 답이 틀리면, 되돌아오는 길에서 어느 층부터 틀렸는지 메시지가 알려 줍니다. 거기에서부터 살펴보세요.

# %% exercise="layer_gradient_norms"
def layer_gradient_norms(x, y, weights, biases, activation):
    """The norm of the gradient of the sum of squares with respect to each layer's pre-activation h_tilde.

    x has shape (N, D), y the shape of the output. weights is a list of L matrices (fan_in, fan_out), at least one,
    biases one of L arrays (fan_out,). activation, "sigmoid", "tanh", "relu" or "leaky_relu" (slope 0.01), comes after
    each layer but the last, which is linear: its h_tilde is y_hat. At exactly 0 ReLU's derivative is 0, leaky ReLU's
    0.01.

    Returns an array of shape (L,) that begins with the layer next to the input.
    """
    ### BEGIN SOLUTION
    activations = {
        "sigmoid": lambda h_tilde: 0.5 * (1 + np.tanh(0.5 * h_tilde)),
        "tanh": np.tanh,
        "relu": lambda h_tilde: np.maximum(h_tilde, 0),
        "leaky_relu": lambda h_tilde: np.where(h_tilde > 0, h_tilde, 0.01 * h_tilde),
    }
    slopes = {
        "sigmoid": lambda h: h * (1 - h),
        "tanh": lambda h: (1 - h) * (1 + h),
        "relu": lambda h: np.where(h > 0, 1.0, 0.0),
        "leaky_relu": lambda h: np.where(h > 0, 1.0, 0.01),
    }
    hs = [x]
    for W, b in zip(weights[:-1], biases[:-1]):
        hs.append(activations[activation](hs[-1] @ W + b))
    dh_tilde = 2 * (hs[-1] @ weights[-1] + biases[-1] - y)
    norms = [np.sqrt(np.sum(dh_tilde**2))]
    for W, h in zip(weights[:0:-1], hs[:0:-1]):
        dh_tilde = dh_tilde @ W.T * slopes[activation](h)
        norms.append(np.sqrt(np.sum(dh_tilde**2)))
    return np.array(norms[::-1])
    ### END SOLUTION

# %% [markdown] idea="layer_gradient_norms" lang="en"
# It is the way back of the second notebook, with nothing to collect but one
# number at each layer. Write down the norm of the output's gradient first;
# then go one layer back, with weights and slope, and write down the next. A
# network of one layer has a single number.

# %% [markdown] idea="layer_gradient_norms" lang="ko"
# 두 번째 노트북의 역전파와 같고, 층마다 수 하나만 모으면 됩니다. 먼저 출력의
# 그래디언트의 노름을 적고, 가중치와 기울기로 한 층 되돌아가서 다음 것을
# 적으세요. 층이 하나뿐인 신경망에는 수도 하나입니다.

# %% [markdown] formula="layer_gradient_norms" lang="en"
# dh̃ = 2 · (ŷ − y)   at the last layer
# dh̃ₗ₋₁ = (dh̃ₗ · Wₗᵀ) ⊙ σ'(h̃ₗ₋₁)
# norm of layer ℓ = √( Σ over all entries of dh̃ₗ² )
# leaky ReLU: σ' = 1 where h̃ > 0, and 0.01 elsewhere

# %% [markdown] formula="layer_gradient_norms" lang="ko"
# dh̃ = 2 · (ŷ − y)   (마지막 층)
# dh̃ₗ₋₁ = (dh̃ₗ · Wₗᵀ) ⊙ σ'(h̃ₗ₋₁)
# 층 ℓ의 노름 = √( Σ dh̃ₗ² ),  모든 성분에 대한 합
# leaky ReLU: h̃ > 0이면 σ' = 1, 아니면 0.01

# %% [markdown] commentary="layer_gradient_norms" lang="en"
# `weights[:0:-1]` runs from the last matrix to the second, `hs[:0:-1]` from
# the last h to the first that an activation made: what stands side by side
# belongs to one step back. The slopes are read off h, for leaky ReLU too,
# since h and h̃ have the same sign. `np.linalg.norm(dh_tilde)` is the same
# norm. In torch one calls `retain_grad()` on the pre-activations, or hangs a
# hook on each layer. In forty layers look at the quotient of two norms: which
# factor does a layer leave on average?

# %% [markdown] commentary="layer_gradient_norms" lang="ko"
# `weights[:0:-1]`은 마지막 행렬부터 두 번째 행렬까지, `hs[:0:-1]`은 마지막
# h부터 활성 함수가 만든 첫 번째 h까지입니다. 나란히 놓인 것이 한 층 되돌아갈
# 때 쓰입니다. 기울기는 h로 구합니다. leaky ReLU에서도 h와 h̃의 부호가
# 같으므로 됩니다. `np.linalg.norm(dh_tilde)`도 같은 노름입니다. torch에서는
# h̃에 `retain_grad()`를 부르거나 층마다 훅(hook)을 겁니다. 마흔 층에서는 두
# 노름의 비를 보세요. 한 층을 지날 때마다 평균 몇 배가 남을까요?

# %% [markdown] lang="en"
# ## Training
#
# Everything together. In each step: go forward, note the loss, go back, move all weights and biases against their gradients,
#
# $$W_\ell \leftarrow W_\ell - \eta \cdot \frac{\partial \mathcal L}{\partial W_\ell}, \qquad
# b_\ell \leftarrow b_\ell - \eta \cdot \frac{\partial \mathcal L}{\partial b_\ell}.$$
#
# All gradients of a step belong to the same weights: those with which it began. Your losses must be those of torch, step by
# step, from the same weights. If they aren't, the message tells at which step the two part; a mistake in the loss shows at step 1, one
# in the gradients at step 2, for the first step's loss knows nothing of them yet.

# %% [markdown] lang="ko"
# ## 학습
#
# 이제 모두 모읍니다. 스텝마다 순전파를 하고, 손실을 적고, 역전파를 하고, 모든 가중치와 편향을 그래디언트의 반대쪽으로 움직입니다.
#
# $$W_\ell \leftarrow W_\ell - \eta \cdot \frac{\partial \mathcal L}{\partial W_\ell}, \qquad
# b_\ell \leftarrow b_\ell - \eta \cdot \frac{\partial \mathcal L}{\partial b_\ell}$$
#
# 한 스텝의 그래디언트는 모두 같은 가중치, 곧 그 스텝을 시작할 때의 가중치에서 구합니다. 같은 가중치에서 출발하면 여러분의 손실은 스텝마다 torch의 손실과
# 같아야 합니다. 다르면, 어느 스텝에서 갈라지는지 메시지가 알려 줍니다. 손실이 틀렸다면 1번 스텝에서, 그래디언트가 틀렸다면 2번 스텝에서 드러납니다. 첫 번째
# 스텝의 손실은 아직 그래디언트를 모르기 때문입니다.

# %% exercise="train"
def train(x, y, weights, biases, activation, learning_rate, steps):
    """The losses of a run of gradient descent, each before the update of its step.

    The network and the arguments up to activation are those of layer_gradient_norms, and the loss is the plain sum of
    squares over examples and outputs. Each of the steps, 0 or more, uses the whole batch, and moves all weights and
    biases by -learning_rate times their gradients. The caller's weights and biases stay as they are.

    Returns an array of shape (steps,): losses[0] is that of the weights and biases that came in.
    """
    ### BEGIN SOLUTION
    activations = {
        "sigmoid": lambda h_tilde: 0.5 * (1 + np.tanh(0.5 * h_tilde)),
        "tanh": np.tanh,
        "relu": lambda h_tilde: np.maximum(h_tilde, 0),
        "leaky_relu": lambda h_tilde: np.where(h_tilde > 0, h_tilde, 0.01 * h_tilde),
    }
    slopes = {
        "sigmoid": lambda h: h * (1 - h),
        "tanh": lambda h: (1 - h) * (1 + h),
        "relu": lambda h: np.where(h > 0, 1.0, 0.0),
        "leaky_relu": lambda h: np.where(h > 0, 1.0, 0.01),
    }
    weights, biases, losses = list(weights), list(biases), np.zeros(steps)
    for step in range(steps):
        hs = [x]
        for W, b in zip(weights[:-1], biases[:-1]):
            hs.append(activations[activation](hs[-1] @ W + b))
        error = hs[-1] @ weights[-1] + biases[-1] - y
        losses[step] = np.sum(error**2)
        dh_tilde = 2 * error
        for layer in reversed(range(len(weights))):
            W, h = weights[layer], hs[layer]
            weights[layer] = W - learning_rate * h.T @ dh_tilde
            biases[layer] = biases[layer] - learning_rate * dh_tilde.sum(axis=0)
            if layer > 0:
                dh_tilde = dh_tilde @ W.T * slopes[activation](h)
    return losses
    ### END SOLUTION

# %% [markdown] idea="train" lang="en"
# Write one step first, and check it with steps = 2: the second loss is the
# first number that knows of your update. Mind the order. The gradient of the
# layer in front comes through this layer's weights as they were on the way
# forward, so what must be kept until it has been computed?

# %% [markdown] idea="train" lang="ko"
# 먼저 한 스텝만 작성하고 steps = 2로 확인해 보세요. 두 번째 손실이 여러분의
# 갱신을 아는 첫 번째 수입니다. 순서에 주의하세요. 앞 층의 그래디언트는
# 순전파에서 쓴 그대로의 이 층 가중치를 지나서 옵니다. 그것을 계산할 때까지
# 무엇을 간직해야 할까요?

# %% [markdown] formula="train" lang="en"
# For each step: L = Σ (ŷ − y)², noted;  dh̃ = 2 · (ŷ − y) at the last layer
# dWₗ = hₗ₋₁ᵀ · dh̃ₗ,  dbₗ = the sum of the rows of dh̃ₗ
# dh̃ₗ₋₁ = (dh̃ₗ · Wₗᵀ) ⊙ σ'(h̃ₗ₋₁),  with Wₗ as it was in this step
# then Wₗ becomes Wₗ − η · dWₗ,  bₗ becomes bₗ − η · dbₗ,  for all ℓ

# %% [markdown] formula="train" lang="ko"
# 스텝마다: L = Σ (ŷ − y)²를 적음,  마지막 층에서 dh̃ = 2 · (ŷ − y)
# dWₗ = hₗ₋₁ᵀ · dh̃ₗ,  dbₗ = dh̃ₗ의 행을 모두 더한 것
# dh̃ₗ₋₁ = (dh̃ₗ · Wₗᵀ) ⊙ σ'(h̃ₗ₋₁),  Wₗ은 이 스텝을 시작할 때의 값
# 그다음 모든 ℓ에서 Wₗ은 Wₗ − η · dWₗ,  bₗ은 bₗ − η · dbₗ이 됨

# %% [markdown] commentary="train" lang="en"
# Way back and update share a loop here: `W` is fetched before `weights` gets
# the new matrix, so the gradient passes through the old one. `list(weights)`
# makes a list of its own, and `W - ...` a new matrix, so the caller's stay.
# In torch the five lines of a step are `zero_grad()`, the forward pass, the
# loss, `backward()`, `step()`; `zero_grad` is there because torch adds to the
# gradients that are stored. To the last digits the two differ, since they sum
# in another order; after many steps near a kink that can become visible.

# %% [markdown] commentary="train" lang="ko"
# 여기서는 역전파와 갱신이 반복문 하나에 있습니다. `weights`에 새 행렬을 넣기
# 전에 `W`를 꺼내 두므로 그래디언트는 옛 행렬을 지나갑니다. `list(weights)`는
# 새 리스트를, `W - ...`는 새 행렬을 만들므로 호출한 쪽의 것은 그대로입니다.
# torch에서 한 스텝은 `zero_grad()`, 순전파, 손실, `backward()`, `step()`의
# 다섯 줄입니다. torch는 저장된 그래디언트에 더하기 때문에 `zero_grad`가
# 필요합니다. 더하는 순서가 달라서 둘은 마지막 자리에서 다르고, 꺾인 점
# 근처에서 여러 스텝을 지나면 차이가 보일 수도 있습니다.

# %% [markdown] lang="en"
# ## One remedy at a time
#
# The first 200 of scikit-learn's handwritten digits (`pip install scikit-learn`), forty hidden layers of 32 units, a hundred steps. The
# network to begin with is a sigmoid network with weights of variance $1/\text{fan in}$. Each of the others differs from it,
# or from the one before, in one thing only:
#
# | network | what is changed |
# |---|---|
# | sigmoid | |
# | tanh, ReLU, leaky ReLU | the activation of the first |
# | ReLU, He | the weights of ReLU have twice the variance |
# | sigmoid, BatchNorm | the first, with a normalization in front of each activation |
# | ReLU, residual | twenty blocks of two layers each, with small weights, and shortcuts past them |
#
# The last two need your functions in the toolbox. The table has one line for each, as it finishes: the gradient of the first
# hidden layer at the start, as a multiple of the last one's, and the loss per example before and after. (A
# network that gives 1/10 to each of the ten digits, whatever it sees, has a loss of 0.9.) Guess first: who learns, and who comes
# first? (It takes up to a minute. Pictures need matplotlib, `pip install matplotlib`, and are not graded.)

# %% [markdown] lang="ko"
# ## 한 번에 한 가지씩
#
# scikit-learn에 들어 있는 손글씨 숫자(`pip install scikit-learn`) 가운데 처음 200개를 유닛 32개짜리 은닉층 마흔 개로 백 스텝 동안 학습합니다. 출발점은
# 가중치의 분산이 $1/\text{fan in}$인 시그모이드 신경망입니다. 나머지는 그것과, 또는 바로 앞의 것과 한 가지만 다릅니다.
#
# | 신경망 | 바뀐 것 |
# |---|---|
# | sigmoid | |
# | tanh, ReLU, leaky ReLU | 첫 번째 신경망의 활성 함수 |
# | ReLU, He | ReLU 신경망의 가중치를 두 배의 분산으로 |
# | sigmoid, BatchNorm | 첫 번째 신경망의 활성 함수마다 그 앞에 정규화 |
# | ReLU, residual | 층 두 개짜리 블록 스무 개, 가중치는 작게, 옆에는 지름길 |
#
# 마지막 둘에는 도구 상자에 여러분의 함수가 있어야 합니다. 표에는 신경망마다 학습이 끝나는 대로 한 줄씩, 학습 전에 첫 번째 은닉층의
# 그래디언트가 마지막 은닉층의 몇 배인지, 그리고 데이터 하나당 손실의 처음과 마지막 값이 나옵니다. (무엇을 보든 열 개의 숫자에 모두 1/10이라고 답하는
# 신경망의 손실은 0.9입니다.) 먼저 예상해 보세요. 누가 학습되고, 누가 가장 앞설까요? (길면 1분쯤 걸립니다. 그림에는 matplotlib이 필요하고(`pip install
# matplotlib`), 그림은 채점하지 않습니다.)

# %% tags=["experiment", "raises-exception"]
import matplotlib.pyplot as plt
from sklearn.datasets import load_digits

from htilde.pictures import show

digits = load_digits()
x = digits.data[:200]
x, y = (x - x.mean()) / x.std(), np.eye(10)[digits.target[:200]]
depth, width, steps, learning_rate = 40, 32, 100, 0.01 / len(x)


def draw(gain):
    """Weights of a plain network, and biases of 0."""
    rng, sides = np.random.default_rng(0), [64, *[width] * depth, 10]
    weights = [rng.normal(0, gain / np.sqrt(fan_in), (fan_in, fan_out)) for fan_in, fan_out in zip(sides, sides[1:])]
    return weights, [np.zeros(fan_out) for fan_out in sides[1:]]


def plain(activation, gain):
    """Losses, and the gradient norms of the hidden layers at the start, by layer."""
    weights, biases = draw(gain)
    norms = layer_gradient_norms(x, y, weights, biases, activation)[:-1]
    return train(x, y, weights, biases, activation, learning_rate, steps), dict(enumerate(norms, start=1))


def normalized():
    """The same of a sigmoid network with a batch normalization in front of each activation."""
    (*weights, W), (*_, b) = draw(1.0)
    none, ones = np.zeros(width), np.ones(width)
    gammas, betas = [ones] * depth, [none] * depth
    losses, norms = [], {}
    for _ in range(steps):
        hs, h_tildes = [x], []
        for V, gamma, beta in zip(weights, gammas, betas):
            h_tildes.append(hs[-1] @ V)
            normal = batchnorm_train(h_tildes[-1], gamma, beta, none, ones, 0.1, 1e-5)[0]
            hs.append(1 / (1 + np.exp(-normal)))
        error = hs[-1] @ W + b - y
        losses.append(np.sum(error**2))
        dh = 2 * error @ W.T
        W, b = W - learning_rate * hs[-1].T @ (2 * error), b - learning_rate * 2 * error.sum(axis=0)
        for layer in reversed(range(depth)):
            dnormal = dh * hs[layer + 1] * (1 - hs[layer + 1])
            dh_tilde, dgamma, dbeta = batchnorm_backward(dnormal, h_tildes[layer], gammas[layer], 1e-5)
            norms.setdefault(layer + 1, np.linalg.norm(dh_tilde))
            dh = dh_tilde @ weights[layer].T
            weights[layer] = weights[layer] - learning_rate * hs[layer].T @ dh_tilde
            gammas[layer] = gammas[layer] - learning_rate * dgamma
            betas[layer] = betas[layer] - learning_rate * dbeta
    return losses, norms


def residual():
    """The same of twenty residual blocks, each with a hidden layer of 16 units, which makes as many weights."""
    rng = np.random.default_rng(0)
    blocks = [
        (0.3 * rng.normal(0, 1 / 8, (64, 16)), np.zeros(16), 0.3 * rng.normal(0, 1 / 4, (16, 64)), np.zeros(64))
        for _ in range(depth // 2)
    ]
    W, b = rng.normal(0, 1 / 8, (64, 10)), np.zeros(10)
    losses, norms = [], {}
    for _ in range(steps):
        hs = [x]
        for block in blocks:
            hs.append(residual_forward(hs[-1], *block))
        error = hs[-1] @ W + b - y
        losses.append(np.sum(error**2))
        dh = 2 * error @ W.T
        W, b = W - learning_rate * hs[-1].T @ (2 * error), b - learning_rate * 2 * error.sum(axis=0)
        for at in reversed(range(len(blocks))):
            norms.setdefault(2 * (at + 1), np.linalg.norm(dh))
            dh, *gradients = residual_backward(dh, hs[at], *blocks[at])
            blocks[at] = tuple(part - learning_rate * gradient for part, gradient in zip(blocks[at], gradients))
    return losses, norms


networks = {
    "sigmoid": lambda: plain("sigmoid", 1.0),
    "tanh": lambda: plain("tanh", 1.0),
    "ReLU": lambda: plain("relu", 1.0),
    "leaky ReLU": lambda: plain("leaky_relu", 1.0),
    "ReLU, He": lambda: plain("relu", np.sqrt(2.0)),
    "sigmoid, BatchNorm": normalized,
    "ReLU, residual": residual,
}
found = {}
print(f"{'network':20}{'gradient, first to last':>24}{'loss before':>13}{'after':>8}")
for name, run in networks.items():
    try:
        losses, norms = found[name] = run()
    except NameError as missing:
        print(f"{name:20}left out: {missing.name} isn't in the toolbox")
        continue
    ratio = norms[min(norms)] / norms[max(norms)]
    print(f"{name:20}{ratio:24.1e}{losses[0] / len(x):13.2f}{losses[-1] / len(x):8.3f}", flush=True)
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
for (name, (losses, norms)), marker in zip(found.items(), "os^vDP*"):
    left.semilogy(np.array(losses) / len(x), marker=marker, markevery=12, markersize=5, label=name)
    right.semilogy(sorted(norms), [norms[layer] for layer in sorted(norms)], marker=marker, markevery=4, markersize=5)
left.set(xlabel="step", ylabel="loss per example")
right.set(xlabel="layer (1 is next to the input)", ylabel="norm of the gradient at the start")
figure.legend(loc="outside right center")
told = "; ".join(f"{name}: from {of[0] / len(x):.2g} to {of[-1] / len(x):.2g}" for name, (of, _) in found.items())
show(figure, alt=f"Loss over a hundred steps, and gradient norm by layer, of networks of forty layers. Loss: {told}.")

# %% [markdown] lang="en"
# Read the table slowly; it contradicts most short answers.
#
# - The sigmoid network ends at 0.9, the loss of one and the same answer to all pictures. Its first layers haven't moved at all.
# - ReLU's slope is 1 where tanh's is below 1. But with these weights a ReLU network loses a factor of about $\sqrt 2$ in each layer, for half
#   of its units are off, and tanh loses much less. It isn't the activation that makes a gradient vanish, nor the weights, but **the two together**.
# - The leak changes nothing here. It helps units that are off for every example; these layers suffer from their weights.
# - Twice the variance, and ReLU's gradient arrives. All the same it learns slowly: that a gradient arrives is necessary, and
#   it isn't enough. (Look at the way forward: compare `h` of two different digits in the last hidden layer.)
# - Normalization rescues the very network that was worst, without touching its activation or its weights.
# - With shortcuts the gradient hardly meets the layers at all.
#
# And mind what a hundred steps at one learning rate can't say: which of them would be best in the end, with the rate that
# suits each. Change `steps`, `learning_rate` and the gains, and look.

# %% [markdown] lang="ko"
# 표를 천천히 읽어 보세요. 짧은 대답은 대부분 이 표와 어긋납니다.
#
# - 시그모이드 신경망은 0.9에서 끝납니다. 모든 그림에 똑같은 답을 할 때의 손실입니다. 앞쪽 층은 조금도 움직이지 않았습니다.
# - 기울기는 ReLU가 1이고 tanh는 1보다 작습니다. 그러나 이 가중치에서 ReLU 신경망은 유닛의 절반이 꺼져 있어서 층마다 약 $\sqrt 2$배씩 잃고, tanh는 훨씬
#   덜 잃습니다. 그래디언트를 사라지게 하는 것은 활성 함수도 아니고 가중치도 아니며, **둘의 곱**입니다.
# - leaky ReLU의 기울기 0.01은 여기서 아무것도 바꾸지 못합니다. 그것은 모든 데이터에서 꺼진 유닛을 위한 것인데, 이 층들의 문제는 가중치입니다.
# - 분산을 두 배로 하면 ReLU의 그래디언트가 도착합니다. 그런데도 학습은 느립니다. 그래디언트가 도착하는 것은 필요조건이지 충분조건이 아닙니다.
#   (순전파를 살펴보세요. 서로 다른 숫자 둘의 마지막 은닉층 `h`를 비교해 보세요.)
# - 정규화는 활성 함수도 가중치도 건드리지 않고 가장 나빴던 바로 그 신경망을 살려 냅니다.
# - 지름길이 있으면 그래디언트는 층을 거의 만나지 않고 지나갑니다.
#
# 학습률 하나로 백 스텝을 밟아 본 것만으로는 알 수 없는 것도 있습니다. 저마다 알맞은 학습률을 쓰면 결국 누가 가장 나을까요? `steps`, `learning_rate`,
# gain을 바꾸어 가며 살펴보세요.

# %% [markdown] lang="en" question="which_remedy"
# ## In your own words
#
# "The gradient vanishes because the slope of the activation is smaller than 1; so take ReLU." Hold this against your table, in four
# to eight sentences: what is right about it, and which two lines contradict it? For the networks `ReLU` and `ReLU, He`, and for
# `sigmoid` and `sigmoid, BatchNorm`, say which factor of the formula for $\partial \mathcal L / \partial \tilde h_{\ell-1}$ the
# remedy changes, and how. Which line shows that a gradient of a good size doesn't make a network learn fast? What would you do first with a network of forty
# layers that doesn't learn?
#
# *(Write your answer here, in place of this line. A person reads it.)*

# %% [markdown] lang="ko" question="which_remedy"
# ## 여러분의 말로
#
# "그래디언트는 활성 함수의 기울기가 1보다 작아서 사라진다. 그러니 ReLU를 쓰면 된다." 이 말을 여러분의 표와 견주어 네 문장에서 여덟 문장으로 써 보세요.
# 무엇이 맞고, 표의 어느 두 줄이 이 말과 어긋날까요? `ReLU`와 `ReLU, He`, 그리고 `sigmoid`와 `sigmoid, BatchNorm`에서 해결책은
# $\partial \mathcal L / \partial \tilde h_{\ell-1}$의 식에 나오는 인수 가운데 무엇을 어떻게 바꿀까요? 그래디언트의 크기가 알맞다고 해서 신경망이 빨리
# 학습되는 것은 아님을 보여 주는 줄은 어느 것일까요? 마흔 층짜리 신경망이 학습되지 않는다면 여러분은 무엇부터 하겠습니까?
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
