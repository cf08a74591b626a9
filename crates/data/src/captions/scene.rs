//! Rendering of a scene as pixels.

use super::grammar::Scene;

pub(super) const SIDE: usize = 16;
const PLANE: usize = SIDE * SIDE;
/// Numbers per image.
pub(super) const PIXELS: usize = 3 * PLANE;

/// Shift of a scene down and to the right, in pixels.
pub(super) const JITTERS: [[usize; 2]; 4] = [[0, 0], [0, 1], [1, 0], [1, 1]];

/// Side of a small and of a large object in pixels: odd, so that a cross has a centre.
const SIZES: [usize; 2] = [5, 7];
/// Side in pixels of the cells of the 2x2 board that hold the objects.
const CELL: usize = 8;
/// Red, green, blue, yellow.
const COLOURS: [[f32; 3]; 4] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0]];

/// Renders a scene without noise, `[channel][row][column]`.
pub(super) fn render(scene: Scene, jitter: [usize; 2]) -> Vec<f32> {
    let mut canvas = Canvas { pixels: vec![0.0; PIXELS], jitter };
    match scene {
        Scene::Alike { count, size, colour, shape, position } => {
            let side = SIZES[usize::from(size)];
            let near = (CELL - 1 - side) / 2;
            let along: &[usize] = if count == 1 { &[(SIDE - side) / 2] } else { &[near, CELL + near] };
            let far = SIDE - 1 - side;
            for &along in along {
                let place = match position {
                    0 => [along, 0],
                    1 => [along, far],
                    2 => [0, along],
                    _ => [far, along],
                };
                canvas.put(colour, shape, side, place);
            }
        }
        Scene::Related { colour, shape, relation, second_colour, second_shape } => {
            let (side, middle) = (SIZES[0], (SIDE - SIZES[0]) / 2);
            let place = |along: usize| if relation == 0 { [along, middle] } else { [middle, along] };
            canvas.put(colour, shape, side, place(1));
            canvas.put(second_colour, second_shape, side, place(CELL + 1));
        }
    }
    canvas.pixels
}

struct Canvas {
    pixels: Vec<f32>,
    jitter: [usize; 2],
}

impl Canvas {
    /// Draws a square (0), cross (1) or ring (2) with its first pixel at `[row, column]`.
    fn put(&mut self, colour: u8, shape: u8, side: usize, [top, left]: [usize; 2]) {
        let (middle, thick) = (side / 2, (side - 5) / 2);
        for (row, column) in (0..side).flat_map(|row| (0..side).map(move |column| (row, column))) {
            let [y, x] = [row.abs_diff(middle), column.abs_diff(middle)];
            let inside = match shape {
                0 => true,
                1 => y.min(x) <= thick,
                _ => y.max(x) >= middle - thick,
            };
            if inside {
                let at = (top + row + self.jitter[0]) * SIDE + left + column + self.jitter[1];
                for (channel, level) in COLOURS[usize::from(colour)].into_iter().enumerate() {
                    self.pixels[channel * PLANE + at] = level;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::grammar::scenes;
    use super::*;

    #[test]
    fn objects_are_complete_at_every_position() {
        let ink = |image: &[f32]| image.iter().sum::<f32>() as usize;
        // Squares, crosses and rings, small and large, in pixels.
        let sizes = [[25, 9, 16], [49, 33, 40]];
        for scene in scenes() {
            for jitter in JITTERS {
                let expected = match scene {
                    Scene::Alike { count, size, colour, shape, .. } => {
                        let channels = if colour == 3 { 2 } else { 1 };
                        usize::from(count) * channels * sizes[usize::from(size)][usize::from(shape)]
                    }
                    Scene::Related { colour, shape, second_colour, second_shape, .. } => {
                        let of = |colour, shape: u8| (if colour == 3 { 2 } else { 1 }) * sizes[0][usize::from(shape)];
                        of(colour, shape) + of(second_colour, second_shape)
                    }
                };
                assert_eq!(ink(&render(scene, jitter)), expected, "{scene:?}");
            }
        }
    }
}
