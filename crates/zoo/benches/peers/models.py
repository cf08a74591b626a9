"""The same networks in PyTorch, as its users write them. Each has `loss(x)`, `log_density(x)` and
`sample(count)`; `parameters_in_use` counts weights that no mask hides."""

import torch
import torch.nn.functional as F
from torch import nn


def bce(logits, x):
    """-log p(x) of each image, in nats."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(1)


class Explicit(nn.Module):
    """A model whose `logits(x)` gives all conditionals in one pass."""

    def __init__(self, side):
        super().__init__()
        self.side = side

    def loss(self, x):
        return bce(self.logits(x), x).mean()

    def log_density(self, x):
        return -bce(self.logits(x), x)

    def sample(self, count):
        """A full pass per pixel."""
        x = torch.zeros(count, self.side * self.side)
        for pixel in range(x.shape[1]):
            x[:, pixel] = torch.bernoulli(torch.sigmoid(self.logits(x)[:, pixel]))
        return x


class Masked(nn.Linear):
    def __init__(self, mask):
        super().__init__(mask.shape[1], mask.shape[0])
        self.register_buffer("mask", mask)

    def forward(self, x):
        return F.linear(x, self.weight * self.mask, self.bias)


class Ar(Explicit):
    """FVSBN."""

    def __init__(self, side):
        super().__init__(side)
        n = side * side
        self.layer = Masked(torch.ones(n, n).tril(-1))

    def logits(self, x):
        return self.layer(x)


class Made(Explicit):
    """Degrees at random, one hidden layer, direct connections."""

    def __init__(self, side, hidden):
        super().__init__(side)
        n = side * side
        degrees, inputs = torch.randint(1, n, (hidden,)), torch.arange(1, n + 1)
        self.first = Masked((degrees[:, None] >= inputs[None, :]).float())
        self.output = Masked((inputs[:, None] > degrees[None, :]).float())
        self.direct = Masked((inputs[:, None] > inputs[None, :]).float())
        self.direct.bias = None

    def logits(self, x):
        return self.output(F.relu(self.first(x))) + self.direct(x)


class Nade(Explicit):
    """The loop over pixels of the public implementations."""

    def __init__(self, side, hidden):
        super().__init__(side)
        n = side * side
        self.w, self.c = nn.Parameter(0.05 * torch.randn(n, hidden)), nn.Parameter(torch.zeros(hidden))
        self.v, self.b = nn.Parameter(0.05 * torch.randn(n, hidden)), nn.Parameter(torch.zeros(n))

    def logits(self, x):
        a, logits = self.c.expand(x.shape[0], -1), []
        for d in range(x.shape[1]):
            logits.append(torch.sigmoid(a) @ self.v[d] + self.b[d])
            a = a + x[:, d : d + 1] * self.w[d]
        return torch.stack(logits, 1)

    def sample(self, count):
        a, pixels = self.c.expand(count, -1), []
        for d in range(self.side * self.side):
            pixel = torch.bernoulli(torch.sigmoid(torch.sigmoid(a) @ self.v[d] + self.b[d]))
            a = a + pixel[:, None] * self.w[d]
            pixels.append(pixel)
        return torch.stack(pixels, 1)


class MaskedConv(nn.Conv2d):
    def __init__(self, inputs, outputs, side, own):
        super().__init__(inputs, outputs, side, padding=side // 2)
        mask = torch.ones(side, side)
        mask[side // 2, side // 2 + int(own) :] = 0
        mask[side // 2 + 1 :] = 0
        self.register_buffer("mask", mask)

    def forward(self, x):
        return F.conv2d(x, self.weight * self.mask, self.bias, padding=self.padding)


class PixelCnn(Explicit):
    def __init__(self, side, channels, blocks, head):
        super().__init__(side)
        half = channels // 2
        self.first = MaskedConv(1, channels, 7, False)
        block = lambda: nn.Sequential(
            nn.ReLU(),
            nn.Conv2d(channels, half, 1),
            nn.ReLU(),
            MaskedConv(half, half, 3, True),
            nn.ReLU(),
            nn.Conv2d(half, channels, 1),
        )
        self.blocks = nn.ModuleList(block() for _ in range(blocks))
        self.head = nn.Sequential(nn.ReLU(), nn.Conv2d(channels, head, 1), nn.ReLU(), nn.Conv2d(head, 1, 1))

    def logits(self, x):
        y = self.first(x.view(-1, 1, self.side, self.side))
        for block in self.blocks:
            y = y + block(y)
        return self.head(y).flatten(1)


class PixelRnn(Explicit):
    """A first layer of mask A, a recurrent layer inside a residual connection, two 1x1 layers."""

    def __init__(self, side, hidden, head):
        super().__init__(side)
        self.hidden = hidden
        self.first = MaskedConv(1, 2 * hidden, 7, False)
        self.up = nn.Conv2d(hidden, 2 * hidden, 1)
        self.head = nn.Sequential(
            nn.ReLU(),
            nn.Conv2d(2 * hidden, head, 1),
            nn.ReLU(),
            nn.Conv2d(head, head, 1),
            nn.ReLU(),
            nn.Conv2d(head, 1, 1),
        )

    def logits(self, x):
        y = self.first(x.view(-1, 1, self.side, self.side))
        return self.head(y + self.up(self.recur(y))).flatten(1)

    @staticmethod
    def step(sums, cell):
        i, f, o, g = sums.chunk(4, 1)
        cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(cell), cell


class RowLstm(PixelRnn):
    def __init__(self, side, hidden, head):
        super().__init__(side, hidden, head)
        self.input = nn.Conv1d(2 * hidden, 4 * hidden, 2)
        self.state = nn.Conv1d(hidden, 4 * hidden, 3, padding=1, bias=False)

    def recur(self, y):
        batch, maps, height, width = y.shape
        rows = F.pad(y.permute(0, 2, 1, 3).reshape(batch * height, maps, width), (1, 0))
        sums = self.input(rows).view(batch, height, 4 * self.hidden, width)
        hidden = cell = y.new_zeros(batch, self.hidden, width)
        states = []
        for row in range(height):
            hidden, cell = self.step(sums[:, row] + self.state(hidden), cell)
            states.append(hidden)
        return torch.stack(states, 2)


class DiagonalBilstm(PixelRnn):
    def __init__(self, side, hidden, head):
        super().__init__(side, hidden, head)
        self.inputs = nn.ModuleList(nn.Conv2d(2 * hidden, 4 * hidden, 1) for _ in range(2))
        self.states = nn.ModuleList(nn.Conv1d(hidden, 4 * hidden, 2, bias=False) for _ in range(2))

    def sweep(self, y, direction):
        batch, _, height, width = y.shape
        sums, span = self.inputs[direction](y), height + width - 1
        # Skewed: row i moves by i, so that a diagonal becomes a column.
        sums = F.pad(sums, (0, height)).flatten(2)[:, :, : height * span].view(batch, -1, height, span)
        hidden = cell = y.new_zeros(batch, self.hidden, height)
        states = []
        for column in range(span):
            hidden, cell = self.step(sums[..., column] + self.states[direction](F.pad(hidden, (1, 0))), cell)
            states.append(hidden)
        states = F.pad(torch.stack(states, 3).flatten(2), (0, height))
        return states.view(batch, self.hidden, height, span + 1)[..., :width]

    def recur(self, y):
        right = self.sweep(y.flip(3), 1).flip(3)
        return self.sweep(y, 0) + F.pad(right, (0, 0, 1, 0))[:, :, :-1]


class Vae(nn.Module):
    """One hidden layer on each side, a Bernoulli decoder."""

    def __init__(self, side, hidden, latent):
        super().__init__()
        n = side * side
        self.latent = latent
        self.encoder, self.decoder = nn.Linear(n, hidden), nn.Linear(latent, hidden)
        self.mean, self.log_variance = nn.Linear(hidden, latent), nn.Linear(hidden, latent)
        self.pixels = nn.Linear(hidden, n)

    def decode(self, z):
        return self.pixels(F.relu(self.decoder(z)))

    def log_density(self, x):
        """The ELBO."""
        hidden = F.relu(self.encoder(x))
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        z = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
        kl = 0.5 * (mean**2 + log_variance.exp() - log_variance - 1).sum(1)
        return -bce(self.decode(z), x) - kl

    def loss(self, x):
        return -self.log_density(x).mean()

    def sample(self, count):
        return torch.bernoulli(torch.sigmoid(self.decode(torch.randn(count, self.latent))))


def parameters_in_use(model):
    hidden = 0
    for part in model.modules():
        if hasattr(part, "mask"):
            repeat = part.weight.numel() // part.mask.numel()
            hidden += int((part.mask == 0).sum()) * repeat
    return sum(parameter.numel() for parameter in model.parameters()) - hidden


SIDE = 28
MODELS = {
    "FVSBN": ({"name": "ar"}, lambda: Ar(SIDE)),
    "MADE-500": ({"name": "made", "hidden": 500}, lambda: Made(SIDE, 500)),
    "NADE-500": ({"name": "nade", "hidden": 500}, lambda: Nade(SIDE, 500)),
    "PixelCNN": ({"name": "pixel_cnn", "channels": 32, "blocks": 7, "head": 32}, lambda: PixelCnn(SIDE, 32, 7, 32)),
    "Row LSTM": (
        {"name": "pixel_rnn", "variant": "row_lstm", "hidden": 32, "head": 32},
        lambda: RowLstm(SIDE, 32, 32),
    ),
    "Diagonal BiLSTM": (
        {"name": "pixel_rnn", "variant": "diagonal_bilstm", "hidden": 16, "head": 32},
        lambda: DiagonalBilstm(SIDE, 16, 32),
    ),
    "VAE": ({"name": "vae", "hidden": 400, "latent": 20}, lambda: Vae(SIDE, 400, 20)),
}
