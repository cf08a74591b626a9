"""The same networks in PyTorch, in its usual style.

Each model has `loss(x)`, or `step(x)` for several adversarial networks: a whole step with its own optimisers. A model is
evaluated by `log_density(x)`, `features(x)` or `translate(x)`, and sampled by `sample(count)`, if it has them. `measured`
is the part that is measured, if it is not the whole model. `parameters_in_use` counts unmasked weights.
"""

import math
import random

import torch
import torch.nn.functional as F
from torch import nn


def bce(logits, x):
    """-log p(x) of each image, in nats."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(1)


class Explicit(nn.Module):
    """Model whose `logits(x)` returns all conditionals in one pass."""

    def __init__(self, side):
        super().__init__()
        self.side = side

    def loss(self, x):
        return bce(self.logits(x), x).mean()

    def log_density(self, x):
        return -bce(self.logits(x), x)

    def sample(self, count):
        """Samples with a full pass per pixel."""
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
    """MADE with random degrees, one hidden layer and direct connections."""

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
    """NADE with a loop over pixels, as in public implementations."""

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
    """PixelRNN: a first layer with mask A, a recurrent layer with a residual connection, two 1x1 layers."""

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
    def advance(sums, cell):
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
            hidden, cell = self.advance(sums[:, row] + self.state(hidden), cell)
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
        # Skews the image: row i is shifted by i, so that a diagonal becomes a column.
        sums = F.pad(sums, (0, height)).flatten(2)[:, :, : height * span].view(batch, -1, height, span)
        hidden = cell = y.new_zeros(batch, self.hidden, height)
        states = []
        for column in range(span):
            hidden, cell = self.advance(sums[..., column] + self.states[direction](F.pad(hidden, (1, 0))), cell)
            states.append(hidden)
        states = F.pad(torch.stack(states, 3).flatten(2), (0, height))
        return states.view(batch, self.hidden, height, span + 1)[..., :width]

    def recur(self, y):
        right = self.sweep(y.flip(3), 1).flip(3)
        return self.sweep(y, 0) + F.pad(right, (0, 0, 1, 0))[:, :, :-1]


class Vae(nn.Module):
    """VAE with one hidden layer in encoder and decoder, and a Bernoulli decoder."""

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
        """Returns the ELBO."""
        hidden = F.relu(self.encoder(x))
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        z = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
        kl = 0.5 * (mean**2 + log_variance.exp() - log_variance - 1).sum(1)
        return -bce(self.decode(z), x) - kl

    def loss(self, x):
        return -self.log_density(x).mean()

    def sample(self, count):
        return torch.bernoulli(torch.sigmoid(self.decode(torch.randn(count, self.latent))))


def adam(part, lr, beta=0.5):
    return torch.optim.Adam(part.parameters(), lr=lr, betas=(beta, 0.999))


def descend(optimiser, loss):
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


class Aae(nn.Module):
    """AAE with two hidden layers in encoder, decoder and discriminator, a Gaussian prior and a Bernoulli decoder."""

    def __init__(self, side, hidden, latent):
        super().__init__()
        n = side * side
        deep = lambda a, b: nn.Sequential(
            nn.Linear(a, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, b)
        )
        self.latent, self.encoder, self.decoder = latent, deep(n, latent), deep(latent, n)
        self.measured = nn.ModuleList([self.encoder, self.decoder])
        slope = lambda: nn.LeakyReLU(0.2)
        self.critic = nn.Sequential(
            nn.Linear(latent, hidden), slope(), nn.Linear(hidden, hidden), slope(), nn.Linear(hidden, 1)
        )
        self.reconstruction = adam(self.measured, 1e-3, 0.9)
        self.telling, self.fooling = adam(self.critic, 5e-4), adam(self.encoder, 5e-4)

    def step(self, x):
        loss = descend(self.reconstruction, bce(self.decoder(self.encoder(x)), x).mean())
        prior = self.critic(torch.randn(len(x), self.latent))
        images = self.critic(self.encoder(x).detach())
        telling = descend(self.telling, F.softplus(-prior).mean() + F.softplus(images).mean())
        self.critic.requires_grad_(False)
        fooling = descend(self.fooling, F.softplus(-self.critic(self.encoder(x))).mean())
        self.critic.requires_grad_(True)
        return loss, telling, fooling

    def features(self, x):
        return self.encoder(x)

    def sample(self, count):
        return torch.bernoulli(torch.sigmoid(self.decoder(torch.randn(count, self.latent))))


class Adversarial(nn.Module):
    """GAN with alternating steps of D and G and the non-saturating loss."""

    def __init__(self, generator, discriminator, latent, lr_generator, lr_discriminator):
        super().__init__()
        self.measured, self.critic, self.latent = generator, discriminator, latent
        self.fooling, self.telling = adam(generator, lr_generator), adam(discriminator, lr_discriminator)

    def made(self, count):
        return self.measured(torch.randn(count, self.latent))

    def step(self, x):
        real, fake = self.critic(x), self.critic(self.made(len(x)).detach())
        telling = descend(self.telling, F.softplus(-real).mean() + F.softplus(fake).mean())
        self.critic.requires_grad_(False)
        fooling = descend(self.fooling, F.softplus(-self.critic(self.made(len(x)))).mean())
        self.critic.requires_grad_(True)
        return telling, fooling

    def sample(self, count):
        return self.made(count)


def gan(side, hidden, latent, dropout=0.5):
    n = side * side
    generator = nn.Sequential(
        nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, n), nn.Sigmoid()
    )
    layer = lambda a, b: [nn.Linear(a, b), nn.LeakyReLU(0.2), nn.Dropout(dropout)]
    discriminator = nn.Sequential(*layer(n, hidden), *layer(hidden, hidden), nn.Linear(hidden, 1))
    return Adversarial(generator, discriminator, latent, 2e-4, 2e-4)


def dcgan(side, channels, latent):
    """DCGAN with two halvings, for sides that are multiples of 4."""
    start, maps = side // 4, 2 * channels
    generator = nn.Sequential(
        nn.Linear(latent, start * start * maps, bias=False),
        nn.Unflatten(1, (maps, start, start)),
        nn.BatchNorm2d(maps),
        nn.ReLU(),
        nn.ConvTranspose2d(maps, channels, 4, 2, 1, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.ConvTranspose2d(channels, 1, 4, 2, 1),
        nn.Sigmoid(),
        nn.Flatten(),
    )
    discriminator = nn.Sequential(
        nn.Unflatten(1, (1, side, side)),
        nn.Conv2d(1, channels, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(channels, maps, 4, 2, 1, bias=False),
        nn.BatchNorm2d(maps),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(start * start * maps, 1),
    )
    return Adversarial(generator, discriminator, latent, 1e-3, 2e-4)


class Observer(nn.Module):
    """Discriminator D and code reader Q, which share two hidden layers."""

    def __init__(self, n, hidden, categories, numbers, dropout):
        super().__init__()
        layer = lambda a, b: [nn.Linear(a, b), nn.LeakyReLU(0.2), nn.Dropout(dropout)]
        self.body = nn.Sequential(*layer(n, hidden), *layer(hidden, hidden))
        self.score, self.reader = nn.Linear(hidden, 1), nn.Linear(hidden, hidden)
        self.categories, self.numbers = nn.Linear(hidden, categories), nn.Linear(hidden, 2 * numbers)

    def surprise(self, features, category, numbers):
        """Returns -log Q of the code, with the continuous numbers weighted by 0.1."""
        seen = F.leaky_relu(self.reader(features), 0.2)
        mean, log_variance = self.numbers(seen).chunk(2, 1)
        log_variance = log_variance.clamp(-10, 4)
        gaussian = 0.5 * ((numbers - mean) ** 2 * (-log_variance).exp() + log_variance + math.log(2 * math.pi))
        return F.cross_entropy(self.categories(seen), category) + 0.1 * gaussian.sum(1).mean()


class InfoGan(nn.Module):
    """InfoGAN with alternating steps of G and the observer; both maximise the information bound of the code."""

    def __init__(self, side, hidden, latent, categories=10, numbers=2, dropout=0.5):
        super().__init__()
        n, inputs = side * side, latent + categories + numbers
        self.latent, self.choices, self.numbers = latent, categories, numbers
        self.generator = nn.Sequential(
            nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, n), nn.Sigmoid()
        )
        self.observer = Observer(n, hidden, categories, numbers, dropout)
        self.measured = nn.ModuleList([self.generator, self.observer])
        self.fooling, self.telling = adam(self.generator, 1e-3), adam(self.observer, 2e-4)

    def made(self, count):
        category, numbers = torch.randint(self.choices, (count,)), 2 * torch.rand(count, self.numbers) - 1
        one_hot = F.one_hot(category, self.choices).float()
        return self.generator(torch.cat([torch.randn(count, self.latent), one_hot, numbers], 1)), (category, numbers)

    def step(self, x):
        fake, code = self.made(len(x))
        real, fake = self.observer.body(x), self.observer.body(fake.detach())
        game = F.softplus(-self.observer.score(real)).mean() + F.softplus(self.observer.score(fake)).mean()
        telling = descend(self.telling, game + self.observer.surprise(fake, *code))
        self.observer.requires_grad_(False)
        fake, code = self.made(len(x))
        fake = self.observer.body(fake)
        game = F.softplus(-self.observer.score(fake)).mean()
        fooling = descend(self.fooling, game + self.observer.surprise(fake, *code))
        self.observer.requires_grad_(True)
        return telling, fooling

    def features(self, x):
        return self.observer.body(x)

    def sample(self, count):
        return self.made(count)[0]


class Translator(nn.Module):
    """Generator of one direction of CycleGAN: one halving, residual blocks, a skip connection around them."""

    def __init__(self, side, channels, blocks):
        super().__init__()
        self.side, half = side, 2 * channels
        same = lambda a, b: nn.Conv2d(a, b, 3, padding=1)
        self.first, self.down = same(1, channels), nn.Conv2d(channels, half, 4, 2, 1)
        self.blocks = nn.ModuleList(
            nn.Sequential(same(half, half), nn.ReLU(), same(half, half)) for _ in range(blocks)
        )
        self.up, self.last = nn.ConvTranspose2d(half, channels, 4, 2, 1), same(channels, 1)

    def forward(self, x):
        full = F.relu(self.first(x.view(-1, 1, self.side, self.side)))
        half = F.relu(self.down(full))
        for block in self.blocks:
            half = half + block(half)
        return x + self.last(F.relu(full + self.up(F.relu(half)))).flatten(1)


class Pool:
    """Pool of earlier translations, which replace new ones with probability 1/2."""

    def __init__(self, size):
        self.size, self.images = size, []

    def exchange(self, images):
        shown = []
        for image in images:
            if len(self.images) < self.size:
                self.images.append(image)
            elif random.random() < 0.5:
                place = random.randrange(self.size)
                image, self.images[place] = self.images[place], image
            shown.append(image)
        return torch.stack(shown)


class CycleGan(nn.Module):
    """CycleGAN whose second domain is the inverted images in reverse order."""

    def __init__(self, side, channels, blocks, pool=50, lr=1e-3):
        super().__init__()
        self.measured = nn.ModuleList(Translator(side, channels, blocks) for _ in range(2))
        critic = lambda: nn.Sequential(
            nn.Unflatten(1, (1, side, side)),
            nn.Conv2d(1, channels, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(channels, 2 * channels, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * channels, 1, 3, padding=1),
        )
        self.critics = nn.ModuleList(critic() for _ in range(2))
        self.fooling, self.telling = adam(self.measured, lr), adam(self.critics, lr)
        self.pools = [Pool(pool), Pool(pool)]

    def step(self, a):
        b, (forth, back), (of_a, of_b) = 1 - a.flip(0), self.measured, self.critics
        self.critics.requires_grad_(False)
        (fake_b, same_b), (fake_a, same_a) = forth(torch.cat([a, b])).chunk(2), back(torch.cat([b, a])).chunk(2)
        adversarial = ((of_a(fake_a) - 1) ** 2).mean() + ((of_b(fake_b) - 1) ** 2).mean()
        cycle = F.l1_loss(back(fake_b), a) + F.l1_loss(forth(fake_a), b)
        identity = F.l1_loss(same_a, a) + F.l1_loss(same_b, b)
        fooling = descend(self.fooling, adversarial + 10 * cycle + 5 * identity)
        self.critics.requires_grad_(True)
        fake_a, fake_b = self.pools[0].exchange(fake_a.detach()), self.pools[1].exchange(fake_b.detach())
        score = lambda critic, real, fake: ((critic(real) - 1) ** 2).mean() + (critic(fake) ** 2).mean()
        return fooling, descend(self.telling, 0.5 * (score(of_a, a, fake_a) + score(of_b, b, fake_b)))

    def translate(self, x):
        """Translates the images to the second domain, and those of the second domain back."""
        return self.measured[0](x).clamp(0, 1), self.measured[1](1 - x.flip(0)).clamp(0, 1)


def parameters_in_use(model):
    model, hidden = getattr(model, "measured", model), 0
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
    "AAE": ({"name": "aae", "hidden": 256, "latent": 8}, lambda: Aae(SIDE, 256, 8)),
    "GAN": ({"name": "gan", "hidden": 256, "latent": 32}, lambda: gan(SIDE, 256, 32)),
    "DCGAN": ({"name": "dcgan", "channels": 64, "latent": 64}, lambda: dcgan(SIDE, 64, 64)),
    "InfoGAN": ({"name": "infogan", "hidden": 256, "latent": 32}, lambda: InfoGan(SIDE, 256, 32)),
    "CycleGAN": (
        {"name": "cyclegan", "channels": 16, "channels_discriminator": 16, "blocks": 2},
        lambda: CycleGan(SIDE, 16, 2),
    ),
}
