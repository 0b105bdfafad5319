# %% [markdown] lang="en"
# # When the gradient explodes
#
# On its way back a gradient is multiplied again and again. Factors below 1 make it vanish; factors above 1 make it
# **explode**. What then happens is less quiet than vanishing. A step of gradient descent,
#
# $$\theta \leftarrow \theta - \eta \cdot \frac{\partial \mathcal L}{\partial \theta},$$
#
# with a gradient that is a thousand times too large throws the parameters $\theta$ far away from where they were. There
# the gradient is larger still, and after a few steps the loss is infinite.
#
# **Gradient clipping** makes a gradient that is too large smaller before the step. It asks for no reason and removes no
# cause; it only keeps one bad step from destroying everything that was learned. There are two ways, and they aren't the same.
#
# In the second half you take the steps yourself, and then take them only in some of the layers: a network that was
# **pretrained** for one task is **fine-tuned** for another.
#
# **How to work.** Replace each `raise NotImplementedError` with your answer, run the cell, then run the `check` cell
# below it. All arrays are float64. Return new arrays and leave the arguments as they are. NumPy is all you need.

# %% [markdown] lang="ko"
# # 그래디언트가 폭발할 때
#
# 그래디언트는 되돌아오면서 거듭 곱해집니다. 1보다 작은 인수가 이어지면 사라지고, 1보다 큰 인수가 이어지면 **폭발합니다**. 폭발은 소실처럼
# 조용히 지나가지 않습니다. 경사 하강법의 한 스텝은
#
# $$\theta \leftarrow \theta - \eta \cdot \frac{\partial \mathcal L}{\partial \theta}$$
#
# 인데, 그래디언트가 천 배나 크면 매개변수 $\theta$는 있던 자리에서 멀리 튕겨 나갑니다. 거기에서는 그래디언트가 더 크고, 몇 스텝 뒤에는 손실이
# 무한대가 됩니다.
#
# **그래디언트 클리핑**(gradient clipping)은 너무 큰 그래디언트를 스텝 전에 줄입니다. 까닭을 묻지도 않고 원인을 없애지도 않습니다. 잘못된
# 한 스텝이 그동안 배운 것을 모두 망가뜨리지 못하게 막을 뿐입니다. 방법은 두 가지이고, 둘은 서로 다릅니다.
#
# 후반부에서는 여러분이 직접 스텝을 밟고, 이어서 일부 층에서만 스텝을 밟습니다. 어떤 과제로 **사전 학습**(pretraining)한 신경망을 다른 과제에
# 맞추어 **미세 조정**(fine-tuning)하는 것입니다.
#
# **푸는 방법.** `raise NotImplementedError`를 여러분의 답으로 바꾸고, 셀을 실행한 다음, 그 아래의 `check` 셀을 실행하세요. 배열은 모두
# float64입니다. 새 배열을 반환하고 인자는 바꾸지 마세요. NumPy만 있으면 됩니다.

# %%
import numpy as np

from htilde import check

# %% [markdown] lang="en"
# ## A place for your own tools
#
# The cell below is yours and isn't graded. Bring what you have written in earlier notebooks, `mlp_forward` and
# `mlp_backward` say, and use it in your answers. It runs when your work is graded, so what stands there is there for
# your functions, too.

# %% [markdown] lang="ko"
# ## 여러분의 도구 상자
#
# 아래 셀은 여러분의 것이고 채점하지 않습니다. 앞의 노트북에서 작성한 함수(예를 들어 `mlp_forward`와 `mlp_backward`)를 가져와서 답에 써도
# 됩니다. 채점할 때도 이 셀을 실행하므로, 여기에 둔 함수는 그때에도 쓸 수 있습니다.

# %%
# Your own functions can go here.

# %% [markdown] lang="en"
# ## Entry by entry
#
# The gradients of a network are a list of arrays, one for each weight matrix and each bias, of all sorts of shapes. The
# first way looks at each of their entries alone: what is larger than the limit $c$ becomes $c$, what is below $-c$ becomes $-c$,
# and everything between stays as it is.

# %% [markdown] lang="ko"
# ## 성분마다 따로
#
# 신경망의 그래디언트는 배열의 리스트입니다. 가중치 행렬마다, 편향마다 배열이 하나씩 있고 모양은 제각각입니다. 첫 번째 방법은 성분을 하나씩 따로
# 봅니다. 한계 $c$보다 크면 $c$로, $-c$보다 작으면 $-c$로 바꾸고, 그 사이의 값은 그대로 둡니다.


# %% exercise="clip_by_value"
def clip_by_value(grads, limit):
    """Each entry of each gradient, brought into the range from -limit to limit.

    grads is a list of arrays of any shapes, at least one; limit > 0. Returns a list of new arrays in the same shapes.
    """
    ### BEGIN SOLUTION
    return [np.clip(grad, -limit, limit) for grad in grads]
    ### END SOLUTION


# %% [markdown] idea="clip_by_value" lang="en"
# Take a single number first. With the limit 2, what becomes of 5, of -5, of
# 1.5 and of exactly 2? There are two bounds, one on each side of 0. Then do
# it for all entries of an array at once, and for each array of the list.

# %% [markdown] idea="clip_by_value" lang="ko"
# 먼저 수 하나를 생각해 보세요. 한계가 2라면 5, -5, 1.5, 그리고 정확히 2는
# 무엇이 될까요? 경계는 0의 양쪽에 하나씩 있습니다. 그다음 배열의 모든 성분에
# 한꺼번에 적용하고, 리스트의 배열마다 되풀이하세요.

# %% [markdown] formula="clip_by_value" lang="en"
# gᵢ becomes max( −c, min(c, gᵢ) ),  each entry i of each array

# %% [markdown] formula="clip_by_value" lang="ko"
# gᵢ는 max( −c, min(c, gᵢ) )가 됨,  모든 배열의 모든 성분 i

# %% [markdown] commentary="clip_by_value" lang="en"
# `np.clip` is the formula: a maximum around a minimum. It needs no loop over
# entries and works for every shape, that of an empty array included. In torch
# it is `torch.nn.utils.clip_grad_value_`, which changes the gradients in
# place, as the end of its name says; this function makes new ones. Mind what
# is lost. Of (100, 1) and of (2, 1) the limit 1 makes the same (1, 1): the
# direction isn't that of the gradient any longer.

# %% [markdown] commentary="clip_by_value" lang="ko"
# `np.clip`은 식 그대로, 최솟값을 최댓값으로 감싼 것입니다. 성분마다 반복할
# 필요가 없고, 빈 배열까지 포함해서 어떤 모양에나 쓸 수 있습니다. torch에서는
# `torch.nn.utils.clip_grad_value_`입니다. 이름 끝의 밑줄은 그래디언트를
# 제자리에서 바꾼다는 뜻이고, 여기서는 새 배열을 만듭니다. 무엇을 잃는지
# 눈여겨보세요. 한계가 1이면 (100, 1)도 (2, 1)도 똑같이 (1, 1)이 됩니다.
# 방향이 더는 그래디언트의 방향이 아닙니다.

# %% [markdown] lang="en"
# ## One norm for all
#
# The second way takes all gradients for one long vector $g$ and looks at nothing but its length, the **global norm**
#
# $$\lVert g \rVert = \sqrt{\sum_{\text{arrays}} \sum_i g_i^2}.$$
#
# If that is too large, every entry is multiplied by one and the same number, and the vector keeps its direction:
#
# $$g \leftarrow g \cdot \min\!\left(1, \frac{c}{\lVert g \rVert + 10^{-6}}\right).$$
#
# The $10^{-6}$ is torch's and keeps the quotient finite where the norm is 0. It has a small consequence: a gradient whose norm is
# exactly $c$ is made shorter by a hair all the same. Returned is also the norm *before* clipping, for that is the
# number to watch during training.
#
# By hand: $g = (3, 0), (0, 4)$ in two arrays has the norm 5. With $c = 1$ the factor is all but $1/5$, and the result is
# $(0.6, 0), (0, 0.8)$.

# %% [markdown] lang="ko"
# ## 모두에게 노름 하나
#
# 두 번째 방법은 모든 그래디언트를 긴 벡터 하나 $g$로 보고 그 길이, 곧 **전역 노름**(global norm)만 봅니다.
#
# $$\lVert g \rVert = \sqrt{\sum_{\text{배열}} \sum_i g_i^2}$$
#
# 너무 길면 모든 성분에 똑같은 수를 곱합니다. 그래서 벡터의 방향은 그대로입니다.
#
# $$g \leftarrow g \cdot \min\!\left(1, \frac{c}{\lVert g \rVert + 10^{-6}}\right)$$
#
# $10^{-6}$은 torch를 따른 것으로, 노름이 0이어도 나눗셈이 유한하게 해 줍니다. 그 때문에 노름이 정확히 $c$인 그래디언트도 아주 조금 짧아집니다.
# 클리핑하기 *전*의 노름도 함께 반환합니다. 학습하는 동안 지켜볼 값이기 때문입니다.
#
# 손으로 해 봅시다. 두 배열 $g = (3, 0), (0, 4)$의 노름은 5입니다. $c = 1$이면 거의 $1/5$을 곱하고, 결과는 $(0.6, 0), (0, 0.8)$입니다.


# %% exercise="clip_by_global_norm"
def clip_by_global_norm(grads, max_norm):
    """All gradients, scaled by one factor such that their global norm is at most max_norm; and that norm before.

    grads is a list of arrays of any shapes, at least one; max_norm > 0. The factor is
    min(1, max_norm / (total_norm + 1e-6)), where total_norm is the norm of all entries of all arrays together.

    Returns grads, total_norm: a list of new arrays in the same shapes, and the norm before clipping, a number.
    """
    ### BEGIN SOLUTION
    total_norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    factor = min(1.0, max_norm / (total_norm + 1e-6))
    return [factor * grad for grad in grads], total_norm
    ### END SOLUTION


# %% [markdown] idea="clip_by_global_norm" lang="en"
# Two passes over the list. In the first only one number is collected: square,
# sum up over all entries of all arrays, and take the root once, at the very
# end. The second multiplies each array by the same factor. When the norm is
# small enough already, which factor changes nothing?

# %% [markdown] idea="clip_by_global_norm" lang="ko"
# 리스트를 두 번 지나갑니다. 첫 번째에는 수 하나만 모읍니다. 모든 배열의 모든
# 성분을 제곱해서 더하고, 제곱근은 맨 끝에 한 번만 취합니다. 두 번째에는 모든
# 배열에 같은 인수를 곱합니다. 노름이 이미 충분히 작다면 얼마를 곱해야
# 아무것도 바뀌지 않을까요?

# %% [markdown] formula="clip_by_global_norm" lang="en"
# ‖g‖ = √( Σ over all arrays Σᵢ gᵢ² )
# factor = min( 1, c / (‖g‖ + 10⁻⁶) )
# result = factor · g for each array g, and ‖g‖

# %% [markdown] formula="clip_by_global_norm" lang="ko"
# ‖g‖ = √( Σᵢ gᵢ² ),  모든 배열의 모든 성분에 대한 합
# 인수 = min( 1, c / (‖g‖ + 10⁻⁶) )
# 결과 = 배열 g마다 인수 · g, 그리고 ‖g‖

# %% [markdown] commentary="clip_by_global_norm" lang="en"
# `min` with 1 is the whole of the clipping: without it small gradients would
# be stretched to the limit. No `if` is needed, and none asks whether the norm
# is above the limit, so that at exactly the limit the 1e-6 counts. This is
# `torch.nn.utils.clip_grad_norm_`, to the digit. There the norms of the
# arrays are taken first and then their norm, which is the same by Pythagoras.
# One factor for all keeps the direction of the step; a factor of its own for
# each array would not, for it changes their sizes relative to each other.

# %% [markdown] commentary="clip_by_global_norm" lang="ko"
# 클리핑은 1과의 `min`이 전부입니다. 이것이 없으면 작은 그래디언트가 한계까지
# 늘어납니다. `if`로 노름이 한계보다 큰지 묻지 않으므로, 정확히 한계일 때에도
# 1e-6이 영향을 줍니다. `torch.nn.utils.clip_grad_norm_`과 자릿수까지
# 같습니다. torch는 배열마다 노름을 구한 다음 그 노름들의 노름을 구하는데,
# 피타고라스 정리에 따라 같은 값입니다. 모두에게 같은 수를 곱하면 스텝의
# 방향이 그대로 남습니다. 배열마다 다른 수를 곱하면 배열 사이의 크기 비율이
# 달라져서 방향이 바뀝니다.

# %% [markdown] lang="en"
# What do the two do to a direction? Below are twenty-four gradients with two entries, drawn as dots, each joined to what becomes
# of it at the limit 1. (Pictures need matplotlib: `pip install matplotlib`. They are not graded.)

# %% [markdown] lang="ko"
# 두 방법은 방향을 어떻게 바꿀까요? 아래는 성분이 둘인 그래디언트 스물네 개를 점으로 그리고, 한계 1로 클리핑한 결과와 선으로 이은 그림입니다.
# (그림에는 matplotlib이 필요합니다: `pip install matplotlib`. 그림은 채점하지 않습니다.)

# %% tags=["experiment", "raises-exception"]
import matplotlib.pyplot as plt

from htilde.pictures import show

angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
before = np.random.default_rng(0).uniform(0.5, 3, (24, 1)) * np.column_stack([np.cos(angles), np.sin(angles)])
after = {
    "by value": np.array([clip_by_value([g], 1.0)[0] for g in before]),
    "by global norm": np.array([clip_by_global_norm([g], 1.0)[0][0] for g in before]),
}
figure, both = plt.subplots(1, 2, figsize=(8, 4), layout="constrained", sharex=True, sharey=True)
turned = {}
for axes, (name, clipped) in zip(both, after.items()):
    axes.plot([before[:, 0], clipped[:, 0]], [before[:, 1], clipped[:, 1]], color="0.7", linewidth=1)
    axes.plot(*before.T, "o", markersize=4, label="gradient")
    axes.plot(*clipped.T, "s", markersize=4, label="clipped")
    axes.set(title=name, xlabel="first entry", aspect="equal")
    cosine = np.sum(before * clipped, axis=1) / np.linalg.norm(before, axis=1) / np.linalg.norm(clipped, axis=1)
    turned[name] = np.degrees(np.arccos(np.clip(cosine, -1, 1))).max()
both[0].set(ylabel="second entry")
figure.legend(*both[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
told = ", ".join(f"{angle:.0f} degrees {name}" for name, angle in turned.items())
show(figure, alt=f"Gradients before and after clipping. The most that one of them is turned is {told}.")

# %% [markdown] lang="en"
# By value, all that is too large ends on a square, and gradients that were far from each other end in the same corner. By
# norm, it ends on a circle, straight below where it was.
#
# ## A step
#
# Now down the slope. Every parameter moves against its gradient, by the **learning rate** $\eta$ times as much:
#
# $$\theta \leftarrow \theta - \eta \cdot \frac{\partial \mathcal L}{\partial \theta}.$$
#
# That is gradient descent. It is called *stochastic* (SGD) when the gradient comes from a few examples drawn at random; the
# step is the same.

# %% [markdown] lang="ko"
# 성분마다 클리핑하면 너무 큰 것은 모두 정사각형 위로 옮겨지고, 서로 멀리 떨어져 있던 그래디언트가 같은 꼭짓점에 모이기도 합니다. 노름으로
# 클리핑하면 있던 방향 그대로 원 위로 옮겨집니다.
#
# ## 한 스텝
#
# 이제 비탈을 내려갑니다. 매개변수는 저마다 자신의 그래디언트의 반대쪽으로, 그래디언트에 **학습률** $\eta$를 곱한 만큼 움직입니다.
#
# $$\theta \leftarrow \theta - \eta \cdot \frac{\partial \mathcal L}{\partial \theta}$$
#
# 이것이 경사 하강법입니다. 무작위로 뽑은 데이터 몇 개로 그래디언트를 구하면 *확률적* 경사 하강법(SGD)이라고 부르지만, 스텝은 똑같습니다.


# %% exercise="sgd_step"
def sgd_step(params, grads, learning_rate):
    """The parameters after one step of gradient descent.

    params and grads are lists of as many arrays, at least one; each gradient has the shape of its parameter.
    Returns a list of new arrays, in the same order and shapes.
    """
    ### BEGIN SOLUTION
    return [param - learning_rate * grad for param, grad in zip(params, grads)]
    ### END SOLUTION


# %% [markdown] idea="sgd_step" lang="en"
# A gradient points to where the loss grows. In which direction does one go to
# make it smaller, and how far? Each parameter has a gradient of its own: go
# through both lists at once. With the learning rate 0 nothing may change.

# %% [markdown] idea="sgd_step" lang="ko"
# 그래디언트는 손실이 커지는 쪽을 가리킵니다. 손실을 줄이려면 어느 쪽으로,
# 얼마나 가야 할까요? 매개변수마다 자신의 그래디언트가 있으니 두 리스트를 함께
# 지나가세요. 학습률이 0이면 아무것도 바뀌지 않아야 합니다.

# %% [markdown] formula="sgd_step" lang="en"
# θ becomes θ − η · ∂L/∂θ,  for each parameter θ

# %% [markdown] formula="sgd_step" lang="ko"
# θ는 θ − η · ∂L/∂θ가 됨,  매개변수 θ마다

# %% [markdown] commentary="sgd_step" lang="en"
# Along a short step −η · ∂L/∂θ the loss changes by −η · ‖∂L/∂θ‖², to first
# order: never upwards, as long as η is small enough for the first order to
# hold. `zip` pairs what belongs together and needs no index. `param -= ...`
# would change the caller's arrays. In torch that is what happens:
# `torch.optim.SGD` changes the parameters in place, under
# `torch.no_grad()`, because the update is no part of what is differentiated.

# %% [markdown] commentary="sgd_step" lang="ko"
# 짧은 스텝 −η · ∂L/∂θ를 밟으면 손실은 1차 근사로 −η · ‖∂L/∂θ‖²만큼 변합니다.
# 근사가 맞을 만큼 η가 작으면 손실이 커지는 일은 없습니다. `zip`은 짝이 되는
# 것을 이어 주므로 번호가 필요 없습니다. `param -= ...`라고 쓰면 호출한 쪽의
# 배열이 바뀝니다. torch에서는 실제로 그렇게 합니다. `torch.optim.SGD`는
# `torch.no_grad()` 안에서 매개변수를 제자리에서 바꿉니다. 갱신은 미분할
# 대상이 아니기 때문입니다.

# %% [markdown] lang="en"
# ## Only the last layers
#
# Somebody has trained a network on many examples, and you have few, of something similar. Then its first layers may serve you as they
# are: they are **frozen**, and only the layers from `first_trainable` on are trained. On the way forward nothing changes. On the way
# back the gradient need only come as far as the first trainable layer, and what lies in front of it gets none.
#
# The network is that of the second notebook: hidden layers with an activation, a linear output, and the sum of squares as the loss,
#
# $$
# \tilde h_\ell = h_{\ell-1} \cdot W_\ell + b_\ell, \qquad h_\ell = \sigma(\tilde h_\ell), \qquad h_0 = x, \qquad
# \mathcal L = \sum_i \lVert \hat y_i - y_i \rVert^2 .
# $$
#
# If your answer is wrong, the message tells in which of the returned layers the first wrong gradient is, on the way back.
# It counts the trainable layers: layer 1 is the first one that learns.

# %% [markdown] lang="ko"
# ## 마지막 몇 층만
#
# 누군가 많은 데이터로 신경망을 학습해 두었고, 여러분에게는 비슷한 데이터가 조금밖에 없습니다. 그렇다면 그 신경망의 앞쪽 층을 그대로 쓸 수
# 있을지도 모릅니다. 앞쪽 층은 **동결하고**(freeze), `first_trainable`부터 뒤의 층만 학습합니다. 순전파는 달라지지 않습니다. 역전파에서는
# 그래디언트가 학습하는 첫 번째 층까지만 오면 되고, 그보다 앞의 층은 그래디언트를 받지 않습니다.
#
# 신경망은 두 번째 노트북의 것입니다. 은닉층에는 활성 함수가 있고, 출력은 선형이며, 손실은 제곱합입니다.
#
# $$
# \tilde h_\ell = h_{\ell-1} \cdot W_\ell + b_\ell, \qquad h_\ell = \sigma(\tilde h_\ell), \qquad h_0 = x, \qquad
# \mathcal L = \sum_i \lVert \hat y_i - y_i \rVert^2
# $$
#
# 답이 틀리면, 되돌아오는 길에서 처음 틀린 그래디언트가 반환한 층 가운데 어디에 있는지 메시지가 알려 줍니다. 학습하는 층만 셉니다. 1번 층은 학습하는
# 첫 번째 층입니다.


# %% exercise="fine_tune_gradients"
def fine_tune_gradients(x, y, weights, biases, activation, first_trainable):
    """The gradients of the sum of squares with respect to the weights and biases of the trainable layers only.

    x has shape (N, D), y the shape of the output. weights is a list of L matrices (fan_in, fan_out), biases one of L
    arrays (fan_out,). activation, "sigmoid", "tanh" or "relu", comes after each layer but the last, which is linear.
    The layers weights[first_trainable], ..., weights[L - 1] are trainable, 0 <= first_trainable < L; those in front are
    frozen. The loss is the plain sum over examples and outputs. ReLU's derivative is 0 at exactly 0.

    Returns dWs, dbs, two lists that begin with the first trainable layer: L - first_trainable arrays each, in the
    shapes of the weights and of the biases.
    """
    ### BEGIN SOLUTION
    activations = {
        "sigmoid": lambda h_tilde: 0.5 * (1 + np.tanh(0.5 * h_tilde)),
        "tanh": np.tanh,
        "relu": lambda h_tilde: np.maximum(h_tilde, 0),
    }
    slopes = {
        "sigmoid": lambda h: h * (1 - h),
        "tanh": lambda h: (1 - h) * (1 + h),
        "relu": lambda h: np.where(h > 0, 1.0, 0.0),
    }
    hs = [x]
    for W, b in zip(weights[:-1], biases[:-1]):
        hs.append(activations[activation](hs[-1] @ W + b))
    dh_tilde = 2 * (hs[-1] @ weights[-1] + biases[-1] - y)
    dWs, dbs = [], []
    for layer in reversed(range(first_trainable, len(weights))):
        dWs.append(hs[layer].T @ dh_tilde)
        dbs.append(dh_tilde.sum(axis=0))
        if layer > first_trainable:
            dh_tilde = dh_tilde @ weights[layer].T * slopes[activation](hs[layer])
    return dWs[::-1], dbs[::-1]
    ### END SOLUTION


# %% [markdown] idea="fine_tune_gradients" lang="en"
# The forward pass goes through all layers, frozen or not. Then it is the way
# back of the second notebook, and the only new question is where the loop may
# stop. Begin with first_trainable = L - 1: one dW and one db. What do they
# need to know of the frozen layers?

# %% [markdown] idea="fine_tune_gradients" lang="ko"
# 순전파는 동결했든 아니든 모든 층을 지나갑니다. 그다음은 두 번째 노트북의
# 역전파이고, 새로운 것은 반복문이 어디에서 멈춰도 되는지뿐입니다. 먼저
# first_trainable = L - 1일 때, dW 하나와 db 하나를 구해 보세요. 동결한 층에
# 대해 무엇을 알아야 할까요?

# %% [markdown] formula="fine_tune_gradients" lang="en"
# hₗ = σ(hₗ₋₁ · Wₗ + bₗ),  h₀ = x,  ŷ linear;  all layers
# dh̃ = 2 · (ŷ − y)   at the last layer
# dWₗ = hₗ₋₁ᵀ · dh̃ₗ,  dbₗ = the sum of the rows of dh̃ₗ
# dh̃ₗ₋₁ = (dh̃ₗ · Wₗᵀ) ⊙ σ'(h̃ₗ₋₁),  down to the first trainable layer

# %% [markdown] formula="fine_tune_gradients" lang="ko"
# hₗ = σ(hₗ₋₁ · Wₗ + bₗ),  h₀ = x,  ŷ는 선형,  모든 층에서
# dh̃ = 2 · (ŷ − y)   (마지막 층)
# dWₗ = hₗ₋₁ᵀ · dh̃ₗ,  dbₗ = dh̃ₗ의 행을 모두 더한 것
# dh̃ₗ₋₁ = (dh̃ₗ · Wₗᵀ) ⊙ σ'(h̃ₗ₋₁),  학습하는 첫 번째 층까지

# %% [markdown] commentary="fine_tune_gradients" lang="en"
# Freezing is one number in a `range`. The backward pass ends early and saves
# its share of the work; computing all gradients and cutting the lists gives
# the same and costs more. `hs[layer]` is what the layer received, frozen
# layers included, so they shape every gradient without having one. In torch
# one sets `requires_grad = False` on the frozen parameters; autograd then
# goes back no further than to the first tensor that wants a gradient. As the
# frozen part never changes, its output could be computed once and kept.

# %% [markdown] commentary="fine_tune_gradients" lang="ko"
# 동결은 `range` 안의 수 하나입니다. 역전파가 일찍 끝나서 그만큼 계산이
# 줄어듭니다. 모든 그래디언트를 구한 다음 리스트를 잘라도 결과는 같지만 더
# 많이 계산합니다. `hs[layer]`는 그 층이 받은 값이고 동결한 층을 지나온
# 것이므로, 동결한 층도 자신의 그래디언트 없이 모든 그래디언트에 영향을
# 줍니다. torch에서는 동결할 매개변수에 `requires_grad = False`를 둡니다.
# autograd는 그래디언트가 필요한 가장 앞의 텐서까지만 되돌아갑니다. 동결한
# 부분은 변하지 않으므로 그 출력을 한 번만 계산해서 간직해도 됩니다.

# %% [markdown] lang="en"
# ## A run that explodes
#
# A ReLU network of six layers learns 300 of the handwritten digits that come with scikit-learn (`pip install scikit-learn`). Its
# weights were drawn too large, so its gradients begin large. It takes 150 steps with your functions (with `first_trainable = 0`
# all layers learn), once as it is and three times with its gradient clipped by the global norm. Left is the loss per example, right the
# norm before clipping. A run ends when its loss is above a million.

# %% [markdown] lang="ko"
# ## 폭발하는 학습
#
# 여섯 층짜리 ReLU 신경망이 scikit-learn에 들어 있는 손글씨 숫자(`pip install scikit-learn`) 가운데 300개를 학습합니다. 가중치를 너무 크게
# 뽑아서 그래디언트가 처음부터 큽니다. 여러분의 함수로 150스텝을 밟습니다(`first_trainable = 0`이면 모든 층이 학습합니다). 한 번은 그대로, 세
# 번은 전역 노름으로 그래디언트를 클리핑합니다. 왼쪽은 데이터 하나당 손실, 오른쪽은 클리핑하기 전의 노름입니다. 손실이 백만을 넘으면 학습을 멈춥니다.

# %% tags=["experiment", "raises-exception"]
from sklearn.datasets import load_digits

digits = load_digits()
pictures = digits.data / 16 - 0.3
x, y = pictures[:300], np.eye(10)[digits.target[:300]]


def draw(rng, sides, gain=1.0):
    """Random weights, and biases of 0."""
    weights = [rng.normal(0, gain / np.sqrt(fan_in), (fan_in, fan_out)) for fan_in, fan_out in zip(sides, sides[1:])]
    return weights, [np.zeros(fan_out) for fan_out in sides[1:]]


def outputs(x, weights, biases, activation):
    """What the network says."""
    for W, b in zip(weights[:-1], biases[:-1]):
        x = np.maximum(x @ W + b, 0) if activation == "relu" else np.tanh(x @ W + b)
    return x @ weights[-1] + biases[-1]


def run(max_norm, steps=150, learning_rate=0.03):
    """Losses, and norms before clipping, of a run."""
    weights, biases = draw(np.random.default_rng(0), [64, 32, 32, 32, 32, 32, 10], gain=2.0)
    losses, norms = [], []
    for _ in range(steps):
        losses.append(np.sum((outputs(x, weights, biases, "relu") - y) ** 2) / len(x))
        if not losses[-1] < 1e6:
            break
        dWs, dbs = fine_tune_gradients(x, y, weights, biases, "relu", 0)
        grads, norm = clip_by_global_norm([grad / len(x) for grad in (*dWs, *dbs)], max_norm)
        norms.append(norm)
        params = sgd_step([*weights, *biases], grads, learning_rate)
        weights, biases = params[: len(weights)], params[len(weights) :]
    return losses, norms


runs = {"no clipping": run(np.inf)} | {f"limit {limit:g}": run(limit) for limit in (10.0, 1.0, 0.1)}
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
for (name, (losses, norms)), marker in zip(runs.items(), "os^D"):
    left.semilogy(losses, marker=marker, markevery=15, markersize=4, label=name)
    right.semilogy(norms, marker=marker, markevery=15, markersize=4)
left.set(xlabel="step", ylabel="loss per example")
right.set(xlabel="step", ylabel="norm before clipping")
left.legend()
told = "; ".join(f"{name}: from {of[0]:.2g} to {of[-1]:.2g} in {len(of)} steps" for name, (of, _) in runs.items())
show(figure, alt=f"Loss and gradient norm of four runs of one network. Loss with {told}.")
print(told)

# %% [markdown] lang="en"
# Clipped, the same network at the same learning rate learns. Look at the right half: with the limits 10 and 1 the norm soon falls
# below the limit, and from there on hardly a step is clipped. Only the beginning was dangerous. The limit has to be chosen all the same.
# One that is too small cuts every step, and the run only crawls.
#
# And clipping is no cure: it can make a gradient smaller, not right. The network would need no clipping had its weights been
# drawn with He's variance.
#
# ## Fine-tuning, measured
#
# A network learns the digits 0 to 4, from all 901 pictures of them. Then it is to learn the digits 5 to 9, from five pictures of
# each: it gets a new last layer and a hundred steps. How many of the other pictures of 5 to 9 does it get right? Four ways are
# compared, each ten times with other draws:
#
# - **from nothing**: random weights, all layers learn;
# - **random, last layer**: random weights, only the last layer learns;
# - **pretrained, last layer**: the layers that have learned 0 to 4 are frozen, only the last one learns;
# - **pretrained, all layers**: they are where it begins, and all layers learn.
#
# Guess before you run it. (It takes some seconds.)

# %% [markdown] lang="ko"
# 클리핑하면 같은 신경망이 같은 학습률로 학습합니다. 오른쪽 그림을 보면 한계가 10이나 1일 때 노름은 곧 한계 아래로 내려가고, 그다음부터는 클리핑되는
# 스텝이 거의 없습니다. 위험한 것은 처음뿐이었습니다. 그래도 한계는 잘 골라야 합니다. 너무 작으면 모든 스텝이 잘려서 학습이 기어가듯 느려집니다.
#
# 그리고 클리핑은 치료가 아닙니다. 그래디언트를 작게 만들 수는 있어도 옳게 만들지는 못합니다. He의 분산으로 가중치를 뽑았다면 이 신경망에는 클리핑이
# 필요 없었을 것입니다.
#
# ## 미세 조정을 재어 보기
#
# 신경망 하나가 0부터 4까지의 숫자를 그 그림 901장 모두로 학습합니다. 그다음 5부터 9까지의 숫자를, 숫자마다 다섯 장씩만 보고 학습해야 합니다. 마지막
# 층을 새로 달고 백 스텝을 밟습니다. 5부터 9까지의 나머지 그림을 얼마나 맞힐까요? 네 가지 방법을, 무작위로 다시 뽑아 가며 열 번씩 비교합니다.
#
# - **from nothing**: 무작위 가중치에서 시작해서 모든 층이 학습합니다.
# - **random, last layer**: 무작위 가중치에서 시작해서 마지막 층만 학습합니다.
# - **pretrained, last layer**: 0부터 4까지를 배운 층은 동결하고 마지막 층만 학습합니다.
# - **pretrained, all layers**: 0부터 4까지를 배운 층에서 시작해서 모든 층이 학습합니다.
#
# 실행하기 전에 결과를 예상해 보세요. (몇 초 걸립니다.)

# %% tags=["experiment", "raises-exception"]
low, high = digits.target < 5, digits.target >= 5
sides, labels = [64, 32, 32, 5], digits.target[high] - 5


def fit(x, y, weights, biases, first_trainable, steps, learning_rate=0.1):
    """The weights and biases after some steps; frozen layers are left as they are."""
    for _ in range(steps):
        dWs, dbs = fine_tune_gradients(x, y, weights, biases, "tanh", first_trainable)
        grads = [grad / len(x) for grad in (*dWs, *dbs)]
        params = sgd_step([*weights[first_trainable:], *biases[first_trainable:]], grads, learning_rate)
        weights = [*weights[:first_trainable], *params[: len(dWs)]]
        biases = [*biases[:first_trainable], *params[len(dWs) :]]
    return weights, biases


found = {}
for number in range(10):
    rng = np.random.default_rng(number)
    pretrained = fit(pictures[low], np.eye(5)[digits.target[low]], *draw(rng, sides), 0, steps=300)
    few = np.concatenate([rng.choice(np.flatnonzero(labels == label), 5, replace=False) for label in range(5)])
    others = np.setdiff1d(np.arange(len(labels)), few)
    fresh = draw(rng, sides)
    new_end = tuple([*old[:-1], new[-1]] for old, new in zip(pretrained, fresh))
    ways = {
        "from nothing": (fresh, 0),
        "random, last layer": (fresh, 2),
        "pretrained, last layer": (new_end, 2),
        "pretrained, all layers": (new_end, 0),
    }
    for name, (parameters, first_trainable) in ways.items():
        shares = []
        for _ in range(26):
            said = outputs(pictures[high][others], *parameters, "tanh").argmax(axis=1)
            shares.append(np.mean(said == labels[others]))
            parameters = fit(pictures[high][few], np.eye(5)[labels[few]], *parameters, first_trainable, steps=4)
        found.setdefault(name, []).append(shares)
figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
for (name, shares), marker in zip(found.items(), "os^D"):
    axes.plot(range(0, 104, 4), np.mean(shares, axis=0), marker=marker, markevery=5, markersize=4, label=name)
axes.set(xlabel="step", ylabel="share of 5 to 9 that is right", ylim=(0, 1))
axes.legend()
told = "; ".join(
    f"{name}: {np.mean(shares, axis=0)[-1]:.1%} (± {np.std(shares, axis=0)[-1]:.1%})" for name, shares in found.items()
)
show(figure, alt=f"Share of unseen digits that is right over a hundred steps, means of ten draws. In the end {told}.")
print(told)

# %% [markdown] lang="en"
# Did you expect more? What the first layers have learned from 0 to 4 is of hardly any use to the last one: frozen *random* layers serve
# it just as well. With all layers free, the pretrained network ends a little ahead of the one from nothing, but by less than one draw
# differs from the next.
#
# That is no contradiction to what is said about pretraining; it shows what it takes. The first task must be related to the second
# and have far more examples; the network must be one that couldn't be trained from the few. Here it has 64 pixels to look at, and 25
# pictures are enough to begin from nothing.

# %% [markdown] lang="ko"
# 더 큰 차이를 기대했나요? 앞쪽 층이 0부터 4까지에서 배운 것은 마지막 층에 거의 도움이 되지 않습니다. *무작위* 층을 동결해도 결과는 마찬가지입니다. 모든
# 층이 학습하면 사전 학습한 신경망이 처음부터 학습한 신경망보다 조금 앞서지만, 그 차이는 무작위로 다시 뽑을 때 생기는 차이보다 작습니다.
#
# 사전 학습이 쓸모없다는 뜻은 아니고, 쓸모가 있으려면 무엇이 필요한지를 보여 줍니다. 첫 번째 과제가 두 번째 과제와 관련이 있고 데이터가 훨씬 많아야 하며,
# 적은 데이터만으로는 학습할 수 없는 신경망이어야 합니다. 여기서는 볼 것이 픽셀 64개뿐이고, 그림 25장이면 처음부터 학습하기에 충분합니다.

# %% [markdown] lang="en" question="what_clipping_keeps"
# ## In your own words
#
# Explain in three to six sentences, with the picture of the twenty-four gradients and that of the exploding run: what does clipping by
# the global norm keep of a gradient, what does it change, and what does clipping by value change beyond that? Why does
# one factor for all arrays keep the direction, and a factor for each array not? Finally: clipping helps against gradients that
# explode. Why can't the same trick, scaling *up* what is too small, bring back a gradient that has vanished on its way to the
# first layers?
#
# *(Write your answer here, in place of this line. A person reads it.)*

# %% [markdown] lang="ko" question="what_clipping_keeps"
# ## 여러분의 말로
#
# 그래디언트 스물네 개의 그림과 폭발하는 학습의 그림을 보고 세 문장에서 여섯 문장으로 설명해 보세요. 전역 노름으로 클리핑하면 그래디언트의 무엇이
# 남고 무엇이 바뀔까요? 성분마다 클리핑하면 거기에 더해 무엇이 바뀔까요? 모든 배열에 같은 수를 곱하면 방향이 그대로인데, 배열마다 다른 수를 곱하면 왜 그렇지
# 않을까요? 끝으로, 클리핑은 폭발하는 그래디언트에 도움이 됩니다. 같은 방법을 거꾸로 써서 너무 작은 것을 *키우면*, 앞쪽 층까지 오다가 사라진
# 그래디언트를 왜 되살릴 수 없을까요?
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
