"""One Keras optimizer that holds one optimizer for each player."""

import keras

from keras_aegan import backend
from keras_aegan import validation
from keras_aegan.backend.optimizer_copies import copy_optimizer
from keras_aegan.engine.game import owned_variables
from keras_aegan.engine.rate_decay import SHAPES
from keras_aegan.engine.rate_decay import RateDecay
from keras_aegan.random import default_seed


@keras.saving.register_keras_serializable(package="keras_aegan")
class PlayerOptimizers(keras.optimizers.Optimizer):
    """One optimizer for each player, in the shape of a single one.

    Its `variables` are those of all of them, so trainers, `.keras` files,
    `BackupAndRestore` and `SwapEMAWeights` see the whole state, and callbacks
    that set learning rates reach each optimizer through `optimizers`. Unlike
    `keras.optimizers.MultiOptimizer` it moves one player at a time.

    Args:
        optimizers: Dict from the name of a player to its
            `keras.optimizers.Optimizer`. They are renamed after the players.
        decay: `"cosine"`, `"linear"` or `"constant"`, how their learning rates
            fall in the course of a `fit`; see `RateDecay`.
        name: String or `None`.

    Raises:
        ValueError: if a value is not an optimizer.
    """

    def __init__(
        self,
        optimizers,
        decay="constant",
        name="player_optimizers",
        **kwargs,
    ):
        super().__init__(learning_rate=0.0, name=name, **kwargs)
        for player, optimizer in optimizers.items():
            if not isinstance(optimizer, keras.optimizers.Optimizer):
                raise ValueError(
                    f"The optimizer of {player!r} must be a "
                    f"`keras.optimizers.Optimizer`. Received: {optimizer!r}"
                )
            # Keras names an optimizer's variables after it: two Adams would
            # have variables of the same path.
            optimizer.name = player
        self._players = tuple(optimizers)
        self._optimizers = list(optimizers.values())
        self._owned = None
        self.decay = RateDecay(decay)
        # With the state, so that a resumed run shuffles as the first one.
        self.order_seed = keras.Variable(
            default_seed(), dtype="int32", trainable=False, name="order_seed"
        )

    @property
    def optimizers(self):
        """The players' optimizers, a list."""
        return self._optimizers

    def of(self, player):
        """The optimizer of one player."""
        return self._optimizers[self._players.index(player)]

    def is_built_for(self, owned):
        """Whether there is state, and for each player's variables."""
        return self.built and [*map(id, sum(owned.values(), []))] == [
            id(variable) for variables in self._owned for variable in variables
        ]

    def build_for(self, owned):
        """Create the state, given each player's list of variables."""
        if self.built:
            return
        self._owned = [list(owned[player]) for player in self._players]
        for optimizer, variables in zip(self._optimizers, self._owned):
            with keras.name_scope(optimizer.name):
                optimizer.build(variables)
        self.built = True

    def build(self, variables):
        """Nothing to do: `build_for` creates the state."""

    def scale_loss(self, loss, player):
        """The loss times the player's own scale of float16 training."""
        return self.of(player).scale_loss(loss)

    def apply(self, gradients, player):
        """Move the variables of one player."""
        index = self._players.index(player)
        optimizer = self._optimizers[index]
        with self.decay.applied(optimizer, backend.read(self.iterations)):
            backend.apply_gradients(optimizer, gradients, self._owned[index])

    def finish_step(self):
        """Count a step of the whole game."""
        self.iterations.assign_add(1)

    @property
    def variables(self):
        inner = [v for o in self._optimizers for v in o.variables]
        own = [self.iterations, self.order_seed, *self.decay.variables]
        return [*own, *inner]

    @property
    def learning_rate(self):
        raise AttributeError(
            "Each player has a learning rate of its own: "
            "`optimizer.of(player).learning_rate`."
        )

    @learning_rate.setter
    def learning_rate(self, value):
        raise AttributeError(
            "Each player has a learning rate of its own: "
            "`optimizer.of(player).learning_rate`."
        )

    def finalize_variable_values(self, var_list):
        for optimizer, variables in zip(self._optimizers, self._owned):
            optimizer.finalize_variable_values(variables)

    def set_weights(self, weights):
        for variable, weight in zip(self.variables, weights, strict=True):
            variable.assign(weight)

    def get_config(self):
        optimizers = zip(self._players, self._optimizers)
        return {
            "optimizers": {
                player: keras.optimizers.serialize(optimizer)
                for player, optimizer in optimizers
            },
            "decay": self.decay.shape,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        optimizers = {
            player: keras.optimizers.deserialize(optimizer, custom_objects)
            for player, optimizer in config["optimizers"].items()
        }
        return cls(optimizers, config["decay"], name=config["name"])


def optimizers_for(
    players, optimizer, defaults, has_loss_scales=True, decay=None
):
    """The optimizer that a model's `compile` was given, for its players.

    Args:
        players: Dict from player to the list of its networks.
        optimizer: `None` for the defaults, a `PlayerOptimizers`, one optimizer
            or its name (each player gets a copy), or a dict of them by player.
        defaults: Dict of the model's own optimizers, by player, or `None`; see
            `with_defaults`.
        has_loss_scales: Boolean, whether the optimizers get a
            `LossScaleOptimizer` each, if one of the networks is of float16.
        decay: As of `PlayerOptimizers`, or `None` for that which `optimizer`
            has: none, unless it is a `PlayerOptimizers`.

    Returns:
        `PlayerOptimizers`, built. Its optimizers are copies, since nobody else
        must have their state; what was built for these very variables goes on.

    Raises:
        ValueError: if the dict names an unknown player, or something is not
            an optimizer.
    """
    owned = owned_variables(players)
    defaults = with_defaults(players, defaults)
    if isinstance(optimizer, PlayerOptimizers):
        decay = validation.check_in(
            "decay", decay or optimizer.decay.shape, SHAPES
        )
        if optimizer.is_built_for(owned):
            optimizer.decay.shape = decay
            return optimizer
        optimizer = {o.name: o for o in optimizer.optimizers}
    if isinstance(optimizer, dict) and "class_name" not in optimizer:
        validation.check_known("optimizer", optimizer, players, "players")
        chosen = {**defaults, **optimizer}
    elif optimizer is None:
        chosen = defaults
    else:
        chosen = dict.fromkeys(players, optimizer)
    copies = {p: _copy(p, chosen[p]) for p in players}
    networks = sum(players.values(), [])
    if has_loss_scales and any(n.compute_dtype == "float16" for n in networks):
        scale = keras.optimizers.LossScaleOptimizer
        copies = {
            player: o if isinstance(o, scale) else scale(o)
            for player, o in copies.items()
        }
    result = PlayerOptimizers(copies, decay or "constant")
    # Now rather than in the first step: a resumed run restores slots before it
    # takes a step.
    result.build_for(owned)
    return result


def with_defaults(players, optimizers=None):
    """Optimizers by player; a player without one gets Adam.

    The momentum is DCGAN's. Its rate, 2e-4, is for long runs: over some
    thousand steps this one, which falls by `decay`, learns far more.
    """
    adam = keras.optimizers.Adam(2e-3, beta_1=0.5, beta_2=0.99)
    return {**dict.fromkeys(players, adam), **(optimizers or {})}


def _copy(player, optimizer):
    try:
        found = keras.optimizers.get(optimizer)
    except (TypeError, ValueError):
        found = None
    if not isinstance(found, keras.optimizers.Optimizer):
        raise ValueError(
            f"The optimizer of {player!r} must be a "
            "`keras.optimizers.Optimizer` or the name of one. "
            f"Received: {optimizer!r}"
        )
    return copy_optimizer(found)
