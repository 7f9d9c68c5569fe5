"""What is written down of PyTorch does the same with other tensors."""

import keras
import numpy as np
import pytest

if keras.backend.backend() == "torch":
    import torch

    from keras_aegan.backend.torch.tracing import record

    ONES = torch.ones(2, 3)

    def changes_in_place(x, y):
        z = x * 2.0
        z.t()[0] = 5.0  # A view's change is its base's,
        y.add_(z)  # and an input's is seen by the caller.
        return [torch.cat([z, y]).max(dim=0).values, y.sum() * torch.tensor(3)]

    def differentiates(x, y):
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            return list(torch.autograd.grad((x.tanh() * y).sum(), x))

    def asks_a_constant(x, y):
        return [x if torch.tensor(1.0) > 0 else y]

    def reads_a_constant(x, y):
        three = torch.tensor([1.0, 2.0, 3.0])
        return [x * three + three.numpy()[1].item()]

    @pytest.mark.parametrize(
        "function",
        [
            changes_in_place,
            differentiates,
            asks_a_constant,
            reads_a_constant,
        ],
    )
    def test_other_tensors_meet_the_same_operations(function):
        with torch.no_grad():
            module = record(function, [ONES.clone(), ONES.clone()])
            x, y = torch.arange(6.0).view(2, 3), torch.full((2, 3), -1.0)
            given = x.clone(), y.clone()
            actual, expected = module(*given), function(x, y)
        for a, b in zip([*actual, *given], [*expected, x, y]):
            assert torch.equal(a, b)

    def test_each_replay_has_new_random_numbers():
        module = record(lambda x: [x + torch.rand(3)], [torch.zeros(3)])
        a, b = (module(torch.zeros(3))[0] for _ in range(2))
        assert not torch.equal(a, b)

    def asks(x):
        return [x if x.sum() > 0 else -x]

    def changes_a_constant(x):
        return [ONES.add_(x)]

    def draws(x):
        return [x + torch.rand(2, 3, generator=torch.Generator())]

    def trains(x):
        return [x * (weight + 1.0)]

    weight = torch.nn.Parameter(torch.ones(3))

    @pytest.mark.parametrize(
        "function, message",
        [
            (asks, "a value decides"),
            (changes_a_constant, "changes a constant"),
            (draws, "draws from a generator"),
            (trains, "weights that no Keras layer tracks"),
            (lambda x: [x * x.numpy()], "a value is read"),
            (lambda x: [x * np.ones(3, "float32")], "a value is read"),
            (lambda x: [x + x.tolist()[0][0]], "a value is read"),
            (lambda x: [x + x.sum().item()], "a value decides"),
        ],
    )
    def test_what_a_replay_could_not_do(function, message):
        with torch.no_grad(), pytest.raises(RuntimeError, match=message):
            record(function, [torch.zeros(2, 3)])
        assert torch.equal(ONES, torch.ones(2, 3))
