# %% [markdown] lang="en"
# # Where to start: initialization
#
# Before the first step of training somebody has to choose the weights. With
#
# $$\tilde h_\ell = h_{\ell-1} \cdot W_\ell, \qquad h_\ell = \sigma(\tilde h_\ell), \qquad h_0 = x$$
#
# (biases begin at 0 and are left out here) the gradient comes back through the same weights,
#
# $$
# \frac{\partial \mathcal L}{\partial h_{\ell-1}}
# = \left( \frac{\partial \mathcal L}{\partial h_\ell} \odot \sigma'(\tilde h_\ell) \right) \cdot W_\ell^\intercal .
# $$
#
# Two conditions keep signal and gradient alive in a deep network:
#
# 1. the variance of a layer's output $h_\ell$ should be like that of its input $h_{\ell-1}$,
# 2. the variance of the gradient that a layer hands on should be like that of the gradient it receives.
#
# It is the *variances* that should agree, for the numbers themselves can't. And they should agree on average over the
# draws of the weights; one network is a little off, a narrow one more than a wide one.
#
# **How to work.** Replace each `raise NotImplementedError` with your answer, run the cell, then run the `check` cell
# below it. $W$ has shape `(fan_in, fan_out)`: a row for each input, a column for each unit, as in $h \cdot W$. Arrays are
# float64. NumPy is all you need.

# %% [markdown] lang="ko"
# # 어디서 시작할까: 초기화
#
# 학습의 첫 스텝 전에 누군가는 가중치를 정해야 합니다. 순전파가
#
# $$\tilde h_\ell = h_{\ell-1} \cdot W_\ell, \qquad h_\ell = \sigma(\tilde h_\ell), \qquad h_0 = x$$
#
# 이면(편향은 0에서 시작하므로 여기서는 생략합니다) 그래디언트는 같은 가중치를 거쳐 되돌아옵니다.
#
# $$
# \frac{\partial \mathcal L}{\partial h_{\ell-1}}
# = \left( \frac{\partial \mathcal L}{\partial h_\ell} \odot \sigma'(\tilde h_\ell) \right) \cdot W_\ell^\intercal
# $$
#
# 깊은 신경망에서 신호와 그래디언트가 살아남으려면 두 가지 조건이 필요합니다.
#
# 1. 층의 출력 $h_\ell$의 분산이 입력 $h_{\ell-1}$의 분산과 비슷해야 합니다.
# 2. 층이 넘겨주는 그래디언트의 분산이 층이 받은 그래디언트의 분산과 비슷해야 합니다.
#
# 같아야 하는 것은 값이 아니라 *분산*입니다. 값 자체가 같을 수는 없습니다. 또 이것은 가중치를 여러 번 뽑았을 때의 평균에 대한
# 이야기입니다. 신경망 하나하나는 조금씩 벗어나고, 층이 좁을수록 더 많이 벗어납니다.
#
# **푸는 방법.** `raise NotImplementedError`를 여러분의 답으로 바꾸고, 셀을 실행한 다음, 그 아래의 `check` 셀을 실행하세요. $W$의 모양은
# `(fan_in, fan_out)`입니다. $h \cdot W$에서처럼 행은 입력, 열은 유닛입니다. 배열은 float64입니다. NumPy만 있으면 됩니다.

# %%
import numpy as np

from htilde import check

# %% [markdown] lang="en"
# **Toolbox.** If you like, bring functions of your own from earlier notebooks here (nothing below needs them, and this cell is not graded).

# %% [markdown] lang="ko"
# **도구 상자.** 앞선 노트북에서 작성한 함수를 쓰고 싶다면 여기로 가져오세요. (아래에서 꼭 필요하지는 않고, 이 셀은 채점하지 않습니다.)

# %%
# def sigmoid_derivative(h_tilde): ...

# %% [markdown] lang="en"
# ## Measuring the way forward
#
# First, see what a given choice does. Send a batch `x` of shape $(N, D)$ through the layers and note the variance of $x$
# and of every $h_\ell$. All entries of a layer, those of all examples and all units, are one population,
#
# $$\mathrm{Var}(h) = \frac1n \sum_{k=1}^{n} (h_k - \bar h)^2, \qquad n = N \cdot \text{units}.$$
#
# `activation` is `"linear"` (none: $\sigma(\tilde h) = \tilde h$), `"sigmoid"`, `"tanh"` or `"relu"`, and every layer has it, the last one too.
#
# By hand: $x = \begin{pmatrix} 1 & -1 \\ 3 & 1 \end{pmatrix}$ has mean 1 and variance 2; through
# $W = \begin{pmatrix} 1 \\ 2 \end{pmatrix}$ and ReLU it becomes $(0, 5)^\intercal$, with variance 6.25. So the answer is $(2, 6.25)$.

# %% [markdown] lang="ko"
# ## 순전파를 재어 보기
#
# 먼저 가중치를 정했을 때 무슨 일이 일어나는지 봅시다. 모양이 $(N, D)$인 배치 `x`를 층마다 통과시키면서 $x$와 모든 $h_\ell$의 분산을
# 적습니다. 한 층의 모든 성분, 곧 모든 데이터와 모든 유닛의 값이 하나의 모집단입니다.
#
# $$\mathrm{Var}(h) = \frac1n \sum_{k=1}^{n} (h_k - \bar h)^2, \qquad n = N \cdot \text{(유닛 수)}$$
#
# `activation`은 `"linear"`(활성 함수 없음: $\sigma(\tilde h) = \tilde h$), `"sigmoid"`, `"tanh"`, `"relu"` 가운데 하나이고, 마지막 층까지
# 모든 층에 적용합니다.
#
# 손으로 해 봅시다. $x = \begin{pmatrix} 1 & -1 \\ 3 & 1 \end{pmatrix}$의 평균은 1, 분산은 2입니다.
# $W = \begin{pmatrix} 1 \\ 2 \end{pmatrix}$와 ReLU를 지나면 $(0, 5)^\intercal$가 되고 분산은 6.25입니다. 따라서 답은 $(2, 6.25)$입니다.

# %% exercise="forward_variances"
def forward_variances(x, weights, activation):
    """The variances of x and of each layer's h, on the way forward.

    x has shape (N, D); weights is a list of L matrices (fan_in, fan_out), at least one; there are no biases.
    The result is an array of shape (L + 1,): first Var(x), then Var(h) of each layer in order. Each is the population
    variance (divided by the number of entries) of all entries of its layer.
    """
    ### BEGIN SOLUTION
    h = x
    variances = [np.var(h)]
    for W in weights:
        h = h @ W
        if activation == "sigmoid":
            h = 1 / (1 + np.exp(-h))
        elif activation == "tanh":
            h = np.tanh(h)
        elif activation == "relu":
            h = np.maximum(h, 0)
        variances.append(np.var(h))
    return np.array(variances)
    ### END SOLUTION

# %% [markdown] idea="forward_variances" lang="en"
# L layers, L + 1 numbers: the first is noted before any layer has done
# anything. In each round multiply, activate, note, and hand on what you have
# measured. All entries count as one population, so no axis plays a part.

# %% [markdown] idea="forward_variances" lang="ko"
# 층은 L개이고 수는 L + 1개입니다. 첫 번째 수는 아무 층도 지나기 전에
# 적습니다. 반복할 때마다 W를 곱하고, 활성 함수를 적용하고, 분산을 적은 다음,
# 방금 잰 h를 다음 층으로 넘깁니다. 모든 성분이 하나의 모집단이므로 축은
# 상관없습니다.

# %% [markdown] formula="forward_variances" lang="en"
# h₀ = x,  hₗ = σ(hₗ₋₁ · Wₗ)
# result = ( Var(h₀), Var(h₁), …, Var of the last h )
# Var(h) = (1/n) · Σₖ (hₖ − h̄)²,  over all n entries

# %% [markdown] formula="forward_variances" lang="ko"
# h₀ = x,  hₗ = σ(hₗ₋₁ · Wₗ)
# 결과 = ( Var(h₀), Var(h₁), …, 마지막 h의 Var )
# Var(h) = (1/n) · Σₖ (hₖ − h̄)²,  n개 성분 모두에 대한 합

# %% [markdown] commentary="forward_variances" lang="en"
# `np.var` divides by n; `torch.var` divides by n − 1 unless it is told
# `correction=0`. `np.var` takes the mean away before it squares. The other
# form, the mean of the squares minus the square of the mean, loses its digits
# where the mean is large: of 1e8 + (1, 2, 3) it makes 0, and the variance is
# ⅔. Look at the branches: "linear" needs none, for without an activation h
# stays what it is. The plain sigmoid may overflow far to the left; 1/(1 + ∞)
# is the right 0 all the same, with a warning.

# %% [markdown] commentary="forward_variances" lang="ko"
# `np.var`는 n으로 나누지만, `torch.var`는 `correction=0`이라고 하지 않으면
# n − 1로 나눕니다. `np.var`는 먼저 평균을 뺀 다음 제곱합니다. 제곱의 평균에서
# 평균의 제곱을 빼는 꼴은 평균이 크면 자릿수를 잃습니다. 1e8 + (1, 2, 3)의
# 분산은 ⅔인데 그 꼴로는 0이 나옵니다. 조건문을 보면 "linear"의 경우가
# 없습니다. 활성 함수가 없으면 h가 그대로이기 때문입니다. 정의 그대로 쓴
# 시그모이드는 왼쪽으로 멀어지면 넘칠 수 있지만, 경고가 나올 뿐 1/(1 + ∞)은
# 맞는 값 0입니다.

# %% [markdown] lang="en"
# ## Measuring the way back
#
# The same for the gradient. `dh` is that of the loss with respect to the last $h_L$. Each layer multiplies by its local gradient
# $\sigma'(\tilde h_\ell)$, entry by entry, and sends the result back through $W_\ell^\intercal$. Note the variance of the gradient with respect to
# every $h_\ell$ and to $x$, and put them in the order of the layers: entry $\ell$ belongs to $h_\ell$, so entry 0 is that of
# $x$ and the last one that of `dh` itself. The pre-activations are given, so it doesn't matter where they come from.

# %% [markdown] lang="ko"
# ## 역전파를 재어 보기
#
# 그래디언트도 똑같이 재어 봅시다. `dh`는 마지막 $h_L$에 대한 손실의 그래디언트입니다. 층마다 국소 그래디언트 $\sigma'(\tilde h_\ell)$을 성분마다
# 곱하고, 그 결과를 $W_\ell^\intercal$를 거쳐 되돌려 보냅니다. 모든 $h_\ell$과 $x$에 대한 그래디언트의 분산을 적고 층의 순서대로
# 늘어놓으세요. $\ell$번 성분이 $h_\ell$의 것입니다. 그래서 0번은 $x$의 것이고, 마지막은 `dh` 자신의 것입니다. $\tilde h$는 주어지므로 어디서
# 왔는지는 상관없습니다.

# %% exercise="backward_variances"
def backward_variances(dh, h_tildes, weights, activation):
    """The variances of the gradients with respect to x and to each layer's h.

    dh has the shape of the last one of h_tildes, the list of the layers' pre-activations, each (N, fan_out); weights
    is the list of their L matrices (fan_in, fan_out). The derivative of ReLU is 0 at exactly 0. The result is an
    array of shape (L + 1,), in the order of the layers: first that of the gradient with respect to x, last that of dh.
    Each is the population variance of all entries, as in forward_variances.
    """
    ### BEGIN SOLUTION
    variances = [np.var(dh)]
    for h_tilde, W in zip(reversed(h_tildes), reversed(weights)):
        if activation == "sigmoid":
            h = 1 / (1 + np.exp(-h_tilde))
            dh_tilde = dh * h * (1 - h)
        elif activation == "tanh":
            dh_tilde = dh * (1 - np.tanh(h_tilde) ** 2)
        elif activation == "relu":
            dh_tilde = dh * (h_tilde > 0)
        else:
            dh_tilde = dh
        dh = dh_tilde @ W.T
        variances.append(np.var(dh))
    return np.array(variances[::-1])
    ### END SOLUTION

# %% [markdown] idea="backward_variances" lang="en"
# `dh` belongs to the last h, so its variance is the last number of the answer
# and the first one you know. Between the dh of one layer and that of the
# layer in front stand two things: on the way forward W comes first. Which one
# comes first on the way back?

# %% [markdown] idea="backward_variances" lang="ko"
# `dh`는 마지막 h의 그래디언트이므로, 그 분산은 답의 마지막 수이면서 가장 먼저
# 아는 수입니다. 한 층의 dh와 앞 층의 dh 사이에는 두 가지가 있습니다.
# 순전파에서는 W가 먼저입니다. 역전파에서는 무엇이 먼저일까요?

# %% [markdown] formula="backward_variances" lang="en"
# dh̃ₗ = dhₗ ⊙ σ'(h̃ₗ)
# dhₗ₋₁ = dh̃ₗ · Wₗᵀ
# result = ( Var(dh₀), Var(dh₁), …, Var(dh) ),  where dh₀ belongs to x

# %% [markdown] formula="backward_variances" lang="ko"
# dh̃ₗ = dhₗ ⊙ σ'(h̃ₗ)
# dhₗ₋₁ = dh̃ₗ · Wₗᵀ
# 결과 = ( Var(dh₀), Var(dh₁), …, Var(dh) ),  여기서 dh₀은 x의 것

# %% [markdown] commentary="backward_variances" lang="en"
# The chain rule of hₗ = σ(hₗ₋₁ · Wₗ), layer by layer. Both lists are read in
# reverse, and the variances, found from the back, are turned round at the
# end. `dh * (h_tilde > 0)` uses a bool as 0 or 1; the kink gets 0, as in
# `torch.relu`. Everything here is linear in dh: twice the gradient has four
# times the variance in each layer. The inputs of the layers don't occur, only
# slopes and weights; so it is enough to be given the h̃. In torch one would
# call `retain_grad()` on each h and look at its `grad`.

# %% [markdown] commentary="backward_variances" lang="ko"
# hₗ = σ(hₗ₋₁ · Wₗ)에 연쇄 법칙을 층마다 쓴 것입니다. 두 리스트를 거꾸로 읽고,
# 뒤에서부터 구한 분산을 끝에서 뒤집습니다. `dh * (h_tilde > 0)`에서 bool은 0
# 또는 1로 쓰이고, 꺾인 점은 `torch.relu`처럼 0입니다. 여기의 계산은 모두 dh에
# 대해 선형입니다. 그래디언트가 두 배이면 모든 층에서 분산은 네 배입니다. 층의
# 입력은 나오지 않고 기울기와 가중치만 나옵니다. 그래서 h̃만 있으면 됩니다.
# torch라면 h마다 `retain_grad()`를 부르고 `grad`를 보면 됩니다.

# %% [markdown] lang="en"
# ## Xavier
#
# A unit adds up $\text{fan\_in}$ products $h_i W_{ij}$. If the weights are independent draws with mean 0, the variances add up:
#
# $$\mathrm{Var}(\tilde h) = \text{fan\_in} \cdot \mathrm{Var}(W) \cdot \overline{h^2} .$$
#
# On the way back each input collects $\text{fan\_out}$ products. As long as the activation passes everything on (it does so almost
# where tanh is steep, near 0) and $h$ has mean 0, the two conditions say
#
# $$
# \text{forward:} \quad \text{fan\_in} \cdot \mathrm{Var}(W) = 1,
# \qquad
# \text{back:} \quad \text{fan\_out} \cdot \mathrm{Var}(W) = 1 .
# $$
#
# Both at once hold only in a square layer. Xavier Glorot's proposal lies between the two,
#
# $$\mathrm{Var}(W) = \frac{2}{\text{fan\_in} + \text{fan\_out}} .$$
#
# That is a variance, and any law may have it. Two are in use, and both are called *Xavier* and *Glorot*, for they are one person's
# two names: a **normal** law with mean 0, and a **uniform** law on $[-a, a]$, whose variance is $a^2/3$.
#
# `rng` is NumPy's generator (`numpy.random.default_rng(7)` makes one): `rng.normal`, `rng.standard_normal`, `rng.uniform`,
# `rng.random` draw from it. Draw everything from the one that you are given and make none of your own; then the same generator gives the
# same weights, and another one others. Which way you draw is yours to choose: `check` looks at the law, not at the numbers.

# %% [markdown] lang="ko"
# ## Xavier 초기화
#
# 유닛 하나는 $\text{fan\_in}$개의 곱 $h_i W_{ij}$를 더합니다. 가중치를 평균이 0인 분포에서 독립적으로 뽑으면 분산이 더해집니다.
#
# $$\mathrm{Var}(\tilde h) = \text{fan\_in} \cdot \mathrm{Var}(W) \cdot \overline{h^2}$$
#
# 역전파에서는 입력마다 $\text{fan\_out}$개의 곱이 모입니다. 활성 함수가 모든 것을 그대로 통과시키고(tanh는 기울기가 큰 0 근처에서 거의 그렇습니다)
# $h$의 평균이 0이라면, 두 조건은 다음과 같습니다.
#
# $$
# \text{순전파:} \quad \text{fan\_in} \cdot \mathrm{Var}(W) = 1,
# \qquad
# \text{역전파:} \quad \text{fan\_out} \cdot \mathrm{Var}(W) = 1
# $$
#
# 둘이 한꺼번에 성립하는 것은 fan_in과 fan_out이 같은 층뿐입니다. Xavier Glorot의 제안은 둘 사이에 있습니다.
#
# $$\mathrm{Var}(W) = \frac{2}{\text{fan\_in} + \text{fan\_out}}$$
#
# 정해진 것은 분산뿐이고, 분포는 무엇이든 됩니다. 흔히 쓰는 것은 둘입니다. 평균이 0인 **정규분포**와, 분산이 $a^2/3$인 $[-a, a]$ 위의
# **균등분포**입니다. 둘 다 *Xavier* 초기화라고도 하고 *Glorot* 초기화라고도 합니다. 한 사람의 이름과 성이기 때문입니다.
#
# `rng`는 NumPy의 난수 생성기입니다(`numpy.random.default_rng(7)`처럼 만듭니다). `rng.normal`, `rng.standard_normal`, `rng.uniform`,
# `rng.random`으로 뽑습니다. 모든 수를 인자로 받은 생성기에서 뽑고, 생성기를 따로 만들지 마세요. 그래야 같은 생성기에서는 같은 가중치가,
# 다른 생성기에서는 다른 가중치가 나옵니다. 어떤 방법으로 뽑을지는 자유입니다. `check`는 뽑은 수가 아니라 분포를 봅니다.

# %% exercise="xavier_normal"
def xavier_normal(rng, fan_in, fan_out):
    """Weights with Xavier's variance, from a normal law.

    The result is a float64 array of shape (fan_in, fan_out). Its entries are independent draws from rng, a
    numpy.random.Generator, with mean 0; the law is not truncated.
    """
    ### BEGIN SOLUTION
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))
    ### END SOLUTION

# %% [markdown] idea="xavier_normal" lang="en"
# The notebook gives a variance; look up what the second argument of
# `rng.normal` is. Then measure your own answer:
# `xavier_normal(rng, 300, 200).var()` should be near 0.004.

# %% [markdown] idea="xavier_normal" lang="ko"
# 노트북에 있는 것은 분산입니다. `rng.normal`의 두 번째 인자가 무엇인지
# 찾아보세요. 그다음 여러분의 답을 재어 보세요.
# `xavier_normal(rng, 300, 200).var()`는 0.004에 가까워야 합니다.

# %% [markdown] formula="xavier_normal" lang="en"
# W ~ N(0, s²),  s = √( 2 / (fan_in + fan_out) )

# %% [markdown] formula="xavier_normal" lang="ko"
# W ~ N(0, s²),  s = √( 2 / (fan_in + fan_out) )

# %% [markdown] commentary="xavier_normal" lang="en"
# The two conditions ask for 1/fan_in and 1/fan_out; Xavier's variance is 1
# over the mean of fan_in and fan_out. `rng.normal` takes the standard
# deviation, hence the root. `s * rng.standard_normal(shape)` is as good, for
# a factor s multiplies the variance by s². torch has
# `torch.nn.init.xavier_normal_`, with a `gain` of 1 as its default; for tanh
# `calculate_gain` recommends 5/3. Its weights are transposed, but the sum
# fan_in + fan_out doesn't notice.

# %% [markdown] commentary="xavier_normal" lang="ko"
# 두 조건은 각각 1/fan_in과 1/fan_out을 요구합니다. Xavier의 분산은 1을
# fan_in과 fan_out의 평균으로 나눈 값입니다. `rng.normal`은 표준편차를
# 받으므로 제곱근을 취합니다. s를 곱하면 분산은 s²배가 되므로
# `s * rng.standard_normal(shape)`라고 써도 됩니다. torch에서는
# `torch.nn.init.xavier_normal_`이고 `gain`의 기본값은 1입니다. tanh에는
# `calculate_gain`이 5/3을 권합니다. torch의 가중치는 전치되어 있지만, 합
# fan_in + fan_out은 그대로입니다.

# %% exercise="xavier_uniform"
def xavier_uniform(rng, fan_in, fan_out):
    """Weights with Xavier's variance, from a uniform law on [-a, a].

    The result is a float64 array of shape (fan_in, fan_out). Its entries are independent draws from rng, a
    numpy.random.Generator. The bound a follows from the variance.
    """
    ### BEGIN SOLUTION
    a = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-a, a, (fan_in, fan_out))
    ### END SOLUTION

# %% [markdown] idea="xavier_uniform" lang="en"
# How does the variance of the uniform law depend on a? The notebook says it.
# Set it equal to Xavier's variance and solve for a. As a check, a is √3 times
# the standard deviation of `xavier_normal`.

# %% [markdown] idea="xavier_uniform" lang="ko"
# 균등분포의 분산이 a에 따라 어떻게 되는지 노트북에 나와 있습니다. 그것을
# Xavier의 분산과 같다고 놓고 a에 대해 푸세요. a는 `xavier_normal`의
# 표준편차의 √3배여야 합니다.

# %% [markdown] formula="xavier_uniform" lang="en"
# W ~ U(−a, a),  a²/3 = 2 / (fan_in + fan_out)
# a = √( 6 / (fan_in + fan_out) )

# %% [markdown] formula="xavier_uniform" lang="ko"
# W ~ U(−a, a),  a²/3 = 2 / (fan_in + fan_out)
# a = √( 6 / (fan_in + fan_out) )

# %% [markdown] commentary="xavier_uniform" lang="en"
# The variance of the uniform law is the mean of w² over [−a, a], the integral
# of w²/(2a), which is a²/3. torch has `torch.nn.init.xavier_uniform_` with
# the same bound, times its `gain`. Normal or uniform makes little difference
# to the network: a unit adds up fan_in products, and a sum of many
# independent numbers is nearly normal, whatever their law. Here no weight is
# larger than a, and there are no outliers. From `rng.random`, which draws
# from 0 to 1, it would be a · (2u − 1).

# %% [markdown] commentary="xavier_uniform" lang="ko"
# 균등분포의 분산은 [−a, a]에서 w²의 평균, 곧 w²/(2a)의 적분인 a²/3입니다.
# torch에서는 `torch.nn.init.xavier_uniform_`이고, 같은 한계에 `gain`을
# 곱합니다. 정규분포이든 균등분포이든 신경망에는 큰 차이가 없습니다. 유닛
# 하나가 fan_in개의 곱을 더하는데, 독립인 수를 많이 더하면 본래 분포와
# 상관없이 정규분포에 가까워지기 때문입니다. 여기서는 a보다 큰 가중치가 없어서
# 유난히 큰 값이 나오지 않습니다. 0과 1 사이에서 뽑는 `rng.random`을 쓴다면
# a · (2u − 1)입니다.

# %% [markdown] lang="en"
# The two conditions in a network that grows narrower, from 400 units to 25, with no activations in between. One choice keeps the
# signal, another the gradient, and Xavier's neither, but both nearly. (The pictures need matplotlib: `pip install matplotlib`. They are not graded.)

# %% [markdown] lang="ko"
# 유닛이 400개에서 25개로 점점 줄어드는, 활성 함수가 없는 신경망에서 두 조건을 봅시다. 하나는 신호를, 다른 하나는 그래디언트를 지킵니다.
# Xavier 초기화는 어느 쪽도 정확히 지키지 않지만 둘 다 거의 지킵니다. (그림에는 matplotlib이 필요합니다: `pip install matplotlib`. 그림은
# 채점하지 않습니다.)

# %% tags=["experiment", "raises-exception"]
from itertools import pairwise

import matplotlib.pyplot as plt

from htilde.pictures import show

rng = np.random.default_rng(0)
widths = np.geomspace(400, 25, 9).astype(int)
sizes = list(pairwise(widths))
choices = {
    "1 / fan_in": [rng.normal(0, np.sqrt(1 / n), (n, m)) for n, m in sizes],
    "1 / fan_out": [rng.normal(0, np.sqrt(1 / m), (n, m)) for n, m in sizes],
    "Xavier": [xavier_normal(rng, n, m) for n, m in sizes],
}
x, dh = rng.normal(size=(300, 400)), rng.normal(size=(300, 25))
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained", sharey=True)
summary = []
for name, weights in choices.items():
    forth = forward_variances(x, weights, "linear")
    back = backward_variances(dh, [np.zeros((300, m)) for m in widths[1:]], weights, "linear")
    left.semilogy(forth, marker=".", label=name)
    right.semilogy(back, marker=".", label=name)
    summary.append(f"with {name} the signal's changes by a factor {forth[-1] / forth[0]:.2g} on the way forward, "
                   f"the gradient's by {back[0] / back[-1]:.2g} on the way back")
left.set(title="variance of h", xlabel="layer")
right.set(title="variance of the gradient", xlabel="layer")
right.legend(title="Var(W)")
show(figure, alt=f"Variances over eight layers: {'; '.join(summary)}.")

# %% [markdown] lang="en"
# ## He
#
# ReLU doesn't pass everything on. If $\tilde h$ is distributed symmetrically around 0, half of the units are off, and what is left of
# $\overline{\tilde h^2}$ is half of it; a leaky ReLU with slope $a$ adds $a^2$ times the other half,
#
# $$\overline{h^2} = \frac{1 + a^2}{2} \, \mathrm{Var}(\tilde h) .$$
#
# (It is the mean square, not the variance, that goes into the next layer's sum: $h$ has no mean 0 any more.) Kaiming He's proposal makes up for it, layer by
# layer, on the way forward:
#
# $$\mathrm{Var}(W) = \frac{2}{(1 + a^2) \cdot \text{fan\_in}} .$$
#
# With $a = 0$ it is the law for ReLU; with $a = 1$ nothing is switched off, and the factor 2 is gone.

# %% [markdown] lang="ko"
# ## He 초기화
#
# ReLU는 모든 것을 통과시키지 않습니다. $\tilde h$가 0을 중심으로 대칭이면 유닛의 절반이 꺼지고, $\overline{\tilde h^2}$도 절반만 남습니다.
# 음수 쪽의 기울기가 $a$인 Leaky ReLU는 나머지 절반의 $a^2$배를 더합니다.
#
# $$\overline{h^2} = \frac{1 + a^2}{2} \, \mathrm{Var}(\tilde h)$$
#
# (다음 층의 합에 들어가는 것은 분산이 아니라 제곱의 평균입니다. $h$의 평균이 더는 0이 아니기 때문입니다.) Kaiming He의 제안은 순전파에서 층마다
# 이것을 메워 줍니다.
#
# $$\mathrm{Var}(W) = \frac{2}{(1 + a^2) \cdot \text{fan\_in}}$$
#
# $a = 0$이면 ReLU를 위한 분포이고, $a = 1$이면 꺼지는 것이 없으므로 인수 2도 사라집니다.

# %% exercise="he_normal"
def he_normal(rng, fan_in, fan_out, slope):
    """Weights with He's variance, from a normal law; 0 <= slope <= 1 is the slope of the leaky ReLU, 0 for ReLU.

    The result is a float64 array of shape (fan_in, fan_out). Its entries are independent draws from rng, a
    numpy.random.Generator, with mean 0; the law is not truncated.
    """
    ### BEGIN SOLUTION
    return rng.normal(0, np.sqrt(2 / ((1 + slope**2) * fan_in)), (fan_in, fan_out))
    ### END SOLUTION

# %% [markdown] idea="he_normal" lang="en"
# The law is that of `xavier_normal`, and only its variance is another. Which
# of the two sizes matters for nothing but the shape? To measure:
# `he_normal(rng, 200, 500, 0.0).var()` should be near 0.01.

# %% [markdown] idea="he_normal" lang="ko"
# 분포의 종류는 `xavier_normal`과 같고, 폭을 정하는 분산이 다릅니다. 두 크기
# 가운데 모양에만 쓰이는 것은 무엇일까요? 재어 보세요.
# `he_normal(rng, 200, 500, 0.0).var()`는 0.01에 가까워야 합니다.

# %% [markdown] formula="he_normal" lang="en"
# W ~ N(0, s²),  s = √( 2 / ((1 + slope²) · fan_in) )

# %% [markdown] formula="he_normal" lang="ko"
# W ~ N(0, s²),  s = √( 2 / ((1 + slope²) · fan_in) )

# %% [markdown] commentary="he_normal" lang="en"
# From fan_in · Var(W) · (1 + slope²)/2 = 1, the condition that each layer
# keeps the mean square of its input. torch has
# `torch.nn.init.kaiming_normal_(weight, a=slope)`; √(2/(1 + slope²)) is
# `calculate_gain("leaky_relu", slope)`. It looks for fan_in along axis 1,
# because torch's weight is (fan_out, fan_in); of a W of ours it would take
# fan_out. With `mode="fan_out"` it keeps the gradient's variance in place of
# the signal's. At slope = 1 the variance is 1/fan_in, the forward condition
# without an activation.

# %% [markdown] commentary="he_normal" lang="ko"
# fan_in · Var(W) · (1 + slope²)/2 = 1에서 나옵니다. 층마다 입력의 제곱 평균을
# 지킨다는 조건입니다. torch에서는
# `torch.nn.init.kaiming_normal_(weight, a=slope)`이고, √(2/(1 + slope²))이
# `calculate_gain("leaky_relu", slope)`입니다. torch의 가중치는
# (fan_out, fan_in)이어서 fan_in을 1번 축에서 찾습니다. 여기서 쓰는 W를 넘기면
# fan_out을 쓰게 됩니다. `mode="fan_out"`이면 신호 대신 그래디언트의 분산을
# 지킵니다. slope = 1이면 분산은 1/fan_in, 곧 활성 함수가 없을 때의 순전파
# 조건입니다.

# %% exercise="he_uniform"
def he_uniform(rng, fan_in, fan_out, slope):
    """Weights with He's variance, from a uniform law on [-a, a]; 0 <= slope <= 1 as in he_normal.

    The result is a float64 array of shape (fan_in, fan_out). Its entries are independent draws from rng, a
    numpy.random.Generator. The bound a follows from the variance.
    """
    ### BEGIN SOLUTION
    a = np.sqrt(6 / ((1 + slope**2) * fan_in))
    return rng.uniform(-a, a, (fan_in, fan_out))
    ### END SOLUTION

# %% [markdown] idea="he_uniform" lang="en"
# What did the step from `xavier_normal` to `xavier_uniform` change? Take the
# same step from He's variance. The bound a of the law and the slope of the
# leaky ReLU are two different numbers.

# %% [markdown] idea="he_uniform" lang="ko"
# `xavier_normal`에서 `xavier_uniform`으로 갈 때 무엇이 바뀌었나요? He의
# 분산에서도 똑같이 해 보세요. 분포의 한계 a와 Leaky ReLU의 기울기는 서로 다른
# 수입니다.

# %% [markdown] formula="he_uniform" lang="en"
# W ~ U(−a, a),  a²/3 = 2 / ((1 + slope²) · fan_in)
# a = √( 6 / ((1 + slope²) · fan_in) )

# %% [markdown] formula="he_uniform" lang="ko"
# W ~ U(−a, a),  a²/3 = 2 / ((1 + slope²) · fan_in)
# a = √( 6 / ((1 + slope²) · fan_in) )

# %% [markdown] commentary="he_uniform" lang="en"
# A uniform law on [−a, a] has the variance a²/3, so a² is three times He's
# variance. torch has `torch.nn.init.kaiming_uniform_(weight, a=slope)`, whose
# `a` is the slope, not the bound. `torch.nn.Linear` starts its weights with
# this law and a slope of √5: then the bound is 1/√fan_in, and the variance
# 1/(3 · fan_in), a sixth of what ReLU asks for. So in a deep ReLU network
# with torch's defaults the gradient shrinks from layer to layer at the start;
# one has to initialize it oneself.

# %% [markdown] commentary="he_uniform" lang="ko"
# [−a, a] 위의 균등분포의 분산은 a²/3이므로 a²은 He의 분산의 세 배입니다.
# torch에서는 `torch.nn.init.kaiming_uniform_(weight, a=slope)`인데, 여기서
# `a`는 한계가 아니라 기울기입니다. `torch.nn.Linear`의 가중치는 이 분포에서
# 기울기를 √5로 두고 시작합니다. 그러면 한계는 1/√fan_in, 분산은
# 1/(3 · fan_in), 곧 ReLU에 필요한 값의 6분의 1입니다. 그래서 torch의
# 기본값으로 만든 깊은 ReLU 신경망에서는 처음부터 그래디언트가 층마다
# 작아집니다. 직접 초기화해야 합니다.

# %% [markdown] lang="en"
# ## On real data
#
# The handwritten digits that come with scikit-learn (`pip install scikit-learn`) go through twenty layers of sixty-four units, and a
# random gradient comes back through your function. Each panel is one activation, each line one way to start; the height is the
# size of the gradient (the root of its variance) when it arrives at the layer. Zeros have no line: behind the last layer their gradient is exactly 0, which a
# logarithm can't show.
#
# Three things to see. Small weights lose the gradient whatever the activation. Xavier's law nearly keeps that of tanh, and He's keeps that of ReLU: each was
# made for its activation. (With He's, tanh does no worse: away from 0 it doesn't pass everything on either, so a little more variance
# makes up for that.) And nothing serves the sigmoid: the laws assume that the activation passes everything on, or half of it,
# and the sigmoid passes a quarter at most.

# %% [markdown] lang="ko"
# ## 실제 데이터에서
#
# scikit-learn에 들어 있는 손글씨 숫자(`pip install scikit-learn`)를 유닛이 예순네 개인 층 스무 개에 통과시키고, 무작위 그래디언트를 여러분의
# 함수로 역전파합니다. 칸마다 활성 함수가 하나, 선마다 초기화 방법이 하나입니다. 높이는 그 층에 도착한 그래디언트의 크기(분산의 제곱근)입니다.
# 가중치가 모두 0이면 선이 없습니다. 마지막 층을 지나면 그래디언트가 정확히 0이 되어 로그로 나타낼 수 없기 때문입니다.
#
# 세 가지를 확인하세요. 가중치가 작으면 활성 함수가 무엇이든 그래디언트가 사라집니다. Xavier 초기화는 tanh의 그래디언트를 거의 지키고, He 초기화는
# ReLU의 그래디언트를 지킵니다. 각각 그 활성 함수를 위해 만들어졌기 때문입니다. (tanh에는 He 초기화도 나쁘지 않습니다. tanh도 0에서 멀어지면 모든 것을
# 통과시키지는 않으므로, 분산이 조금 더 큰 것이 그것을 메워 줍니다.) 시그모이드에는 아무것도 맞지 않습니다. 두 초기화는 활성 함수가 전부 또는 절반을
# 통과시킨다고 가정하지만, 시그모이드가 통과시키는 것은 많아야 4분의 1입니다.

# %% tags=["experiment", "raises-exception"]
from sklearn.datasets import load_digits

digits, labels = load_digits(return_X_y=True)
x = (digits[:200] - digits.mean()) / digits.std()
starts = {
    "zeros": lambda rng, n, m: np.zeros((n, m)),
    "0.01 × normal": lambda rng, n, m: 0.01 * rng.normal(size=(n, m)),
    "Xavier": xavier_normal,
    "He": lambda rng, n, m: he_normal(rng, n, m, 0.0),
}
activations = {"sigmoid": lambda a: 1 / (1 + np.exp(-a)), "tanh": np.tanh, "relu": lambda a: np.maximum(a, 0)}
figure, panels = plt.subplots(1, 3, figsize=(10, 3.4), layout="constrained", sharey=True)
summary = []
for panel, (activation, function) in zip(panels, activations.items()):
    for name, start in starts.items():
        rng = np.random.default_rng(1)
        weights = [start(rng, 64, 64) for _ in range(20)]
        h, h_tildes = x, []
        for W in weights:
            h_tildes.append(h @ W)
            h = function(h_tildes[-1])
        sizes = np.sqrt(backward_variances(rng.normal(size=h.shape), h_tildes, weights, activation))
        if sizes[0] > 0:
            panel.semilogy(sizes, label=name)
        summary.append(f"{sizes[0]:.1g} with {activation} and {name}")
    panel.set(title=activation, xlabel="layer (0 is the input)", ylim=(1e-20, 1e2), xticks=[0, 5, 10, 15, 20])
panels[0].set_ylabel("size of the gradient")
panels[1].legend(loc="lower right")
show(figure, alt="Size of the gradient over twenty layers, for three activations and four ways to start. "
     f"Of a gradient of size 1, the input receives: {', '.join(summary)}.")

# %% [markdown] lang="en"
# ## Why not zero?
#
# "With zeros all gradients are the same" is often said, and nearly right. What holds is this. If two units have the same weights in front
# and behind, they compute the same, receive the same gradient, and a step of gradient descent leaves them the same: that is **symmetry**, and training
# never breaks it. Constant weights of any size have it. With zeros it is worse still: nothing comes back through $W^\intercal = 0$, so the first layers'
# gradient isn't just the same for all units, it is 0.
#
# Count the units that are still different from each other: those whose columns of the gradient `dW` are.

# %% [markdown] lang="ko"
# ## 왜 0이면 안 될까?
#
# "0으로 초기화하면 그래디언트가 모두 같아진다"고들 하는데, 거의 맞는 말입니다. 정확하게는 이렇습니다. 두 유닛의 앞과 뒤의 가중치가 같으면 두 유닛은
# 같은 값을 계산하고, 같은 그래디언트를 받고, 경사하강법의 한 스텝 뒤에도 똑같습니다. 이것이 **대칭**이고, 학습은 대칭을 깨지 못합니다. 모든 가중치가
# 같은 값이면 크기가 얼마이든 그렇습니다. 0이면 더 나쁩니다. $W^\intercal = 0$을 거쳐서는 아무것도 되돌아오지 않으므로, 앞쪽 층의 그래디언트는
# 모든 유닛에서 같을 뿐 아니라 아예 0입니다.
#
# 서로 다른 유닛이 몇 개나 남아 있는지 세어 보세요. 그래디언트 `dW`의 열이 다르면 다른 유닛입니다.

# %% exercise="distinct_units"
def distinct_units(dW):
    """How many units learn something of their own: the number of different columns of dW.

    dW has shape (fan_in, fan_out), neither of them 0; the result is an int. Two columns are the same if they are
    equal in every entry, exactly. Columns that are the same count as one.
    """
    ### BEGIN SOLUTION
    return len({tuple(column) for column in dW.T})
    ### END SOLUTION

# %% [markdown] idea="distinct_units" lang="en"
# Which Python type keeps equal things only once? It takes only what can be
# compared as a whole, so turn each column into such a thing. The columns of
# dW are the rows of its transpose. [[1, 1, 2], [0, 0, 3]] has two different
# ones.

# %% [markdown] idea="distinct_units" lang="ko"
# 같은 것을 하나만 담는 파이썬 자료형은 무엇일까요? 거기에 담으려면 통째로
# 비교할 수 있어야 하니, 열을 그런 것으로 바꾸세요. dW의 열은 전치한 것의
# 행입니다. [[1, 1, 2], [0, 0, 3]]에는 서로 다른 열이 두 개 있습니다.

# %% [markdown] formula="distinct_units" lang="en"
# result = the size of the set { column j of dW :  j = 1, …, fan_out }
# columns j and k are the same  ⇔  dWᵢⱼ = dWᵢₖ for all i

# %% [markdown] formula="distinct_units" lang="ko"
# 결과 = 집합 { dW의 j번 열 :  j = 1, …, fan_out }의 원소의 수
# j번 열과 k번 열이 같다  ⇔  모든 i에 대해 dWᵢⱼ = dWᵢₖ

# %% [markdown] commentary="distinct_units" lang="en"
# A tuple can be hashed, an array can't; the set then finds equal columns
# without comparing each with each. `np.unique(dW, axis=1).shape[1]` and
# `torch.unique(dW, dim=1).shape[1]` count the same. 0.0 and −0.0 are equal
# and count once. Why equal units stay equal: equal columns in W and equal
# rows in the next W give equal h̃ and equal dh̃, hence equal columns of
# dW = hᵀ · dh̃. Equal means exactly equal here; sums of floats in another
# order may differ in the last digit, so the notebook's experiment rounds.

# %% [markdown] commentary="distinct_units" lang="ko"
# 튜플은 해시할 수 있지만 배열은 그럴 수 없습니다. 집합은 열을 하나하나 견주지
# 않고도 같은 열을 찾아냅니다. `np.unique(dW, axis=1).shape[1]`이나
# `torch.unique(dW, dim=1).shape[1]`도 같은 수를 셉니다. 0.0과 −0.0은 같으므로
# 하나로 셉니다. 같은 유닛이 계속 같은 까닭은 이렇습니다. W의 두 열이 같고
# 다음 W의 두 행이 같으면 h̃도 dh̃도 같고, 따라서 dW = hᵀ · dh̃의 두 열도
# 같습니다. 여기서는 정확히 같아야 같은 것입니다. 부동소수점 수는 더하는
# 순서에 따라 마지막 자리가 다를 수 있어서, 노트북의 실험에서는 반올림을
# 합니다.

# %% [markdown] lang="en"
# The digits once more, now with training: sixteen tanh units, the sum of squares as the loss, a hundred steps. How many different units does
# each start have at the end, and how far does it come? Try another constant, or `"relu"` units with `he_normal`: dead ones have a
# gradient of 0, and so count as one, too.

# %% [markdown] lang="ko"
# 다시 손글씨 숫자입니다. 이번에는 학습도 합니다. tanh 유닛 열여섯 개, 손실은 제곱의 합, 스텝은 백 번입니다. 초기화 방법마다 마지막에 서로 다른
# 유닛이 몇 개 남고, 손실은 어디까지 줄어들까요? 다른 상수를 넣거나, ReLU 유닛과 `he_normal`을 써 보세요. 죽은 유닛의 그래디언트는 0이므로
# 모두 합쳐 하나로 셉니다.

# %% tags=["experiment", "raises-exception"]
y = np.eye(10)[labels[:200]]
starts = {
    "zeros": lambda rng, n, m: np.zeros((n, m)),
    "all 0.1": lambda rng, n, m: np.full((n, m), 0.1),
    "Xavier": xavier_uniform,
}
figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
summary = []
for name, start in starts.items():
    rng = np.random.default_rng(2)
    W_1, W_2, b_1, b_2 = start(rng, 64, 16), start(rng, 16, 10), np.zeros(16), np.zeros(10)
    losses = []
    for _ in range(100):
        h = np.tanh(x @ W_1 + b_1)
        error = h @ W_2 + b_2 - y
        losses.append(np.sum(error**2))
        dh_tilde = 2 * error @ W_2.T * (1 - h**2)
        gradient = x.T @ dh_tilde
        W_2, b_2 = W_2 - 1e-4 * 2 * h.T @ error, b_2 - 1e-4 * 2 * error.sum(axis=0)
        W_1, b_1 = W_1 - 1e-4 * gradient, b_1 - 1e-4 * dh_tilde.sum(axis=0)
    different = distinct_units(np.round(gradient, 9))  # sums of floats may differ in their last digits
    axes.semilogy(losses, label=f"{name}: {different} different of 16")
    summary.append(f"with {name} from {losses[0]:.0f} to {losses[-1]:.0f}, {different} different units of 16")
axes.set(xlabel="step", ylabel="loss")
axes.legend()
show(figure, alt=f"The loss over a hundred steps: {'; '.join(summary)}.")

# %% [markdown] lang="en" question="why_no_law_fits_all"
# ## In your own words
#
# Look at the three panels above once more. Explain in three to five sentences why ReLU's gradient dies out with Xavier's law and not with He's, and
# why the sigmoid's does with both. Say which of the two conditions is violated, and by which factor per layer (roughly). How large would
# the variance of the weights have to be for the sigmoid, and why would that not help for long?
#
# *(Write your answer here, in place of this line. A person reads it.)*

# %% [markdown] lang="ko" question="why_no_law_fits_all"
# ## 여러분의 말로
#
# 위의 세 칸짜리 그림을 다시 보세요. ReLU의 그래디언트가 Xavier 초기화에서는 사라지고 He 초기화에서는 사라지지 않는 까닭, 그리고 시그모이드의 그래디언트는
# 둘 다에서 사라지는 까닭을 세 문장에서 다섯 문장으로 설명해 보세요. 두 조건 가운데 어느 것이 어긋나고, 층마다 대략 몇 배씩 어긋나나요? 시그모이드라면
# 가중치의 분산이 얼마나 커야 할까요? 그렇게 해도 왜 오래 도움이 되지 않을까요?
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
