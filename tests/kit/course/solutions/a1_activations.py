# %% [markdown] lang="en"
# # Activations, and where the gradient goes
#
# A deep network is a composition: linear layer, activation, linear layer, activation, … Written out for two
# hidden layers,
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
# **pre-activation**; $h$ is what the activation makes of it. The chain rule then has one factor more for every layer,
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

# %%
import numpy as np

from htilde import check

# %% [markdown] lang="en"
# ## The sigmoid
#
# $$\sigma(\tilde h) = \frac{1}{1 + e^{-\tilde h}}$$
#
# It runs from 0 to 1 and is ½ at 0. At $\tilde h = -10\,000$ the exponential is larger than any float64; the sigmoid is
# simply 0 there, and your function should say so.

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
# Two things to see in your result: at $\tilde h = 0$ it is ¼, and nowhere is it more. Behind forty sigmoid layers at
# most $0.25^{40} \approx 10^{-24}$ of the gradient is left.

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
# $\tilde h = 0$, and it vanishes just as fast on both sides. Derive it, again in terms of $h = \tanh(\tilde h)$.

# %% exercise="tanh_derivative"
def tanh_derivative(h_tilde):
    """The derivative of tanh with respect to h_tilde, at each entry of h_tilde."""
    ### BEGIN SOLUTION
    h = np.tanh(h_tilde)
    return (1 - h) * (1 + h)
    ### END SOLUTION

# %% [markdown] lang="en"
# ## Before you hand in
#
# Restart the kernel, run all cells and look at every check once more: a function that only works because of a cell you
# have deleted since will not work for the grader either. Some properties are hidden; they make the same claims about
# inputs that you haven't seen.
