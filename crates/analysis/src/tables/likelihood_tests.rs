//! Printed table of log-likelihoods.

use super::summary_text;
use crate::compare::likelihood_fixture::{Models, exact, families};

#[test]
fn the_table_of_log_likelihoods() {
    let models = families();
    let text = summary_text(&models.summary(), &models.comparisons(), 100, false);
    let start = text.find("log-likelihood on one scale").and_then(|at| text[..at].rfind('\n')).expect("a table");
    let end = text.find("Means over finished seeds").expect("the legend");
    insta::assert_snapshot!(text[start..end].trim(), @r"
    Families · digits, binary: log-likelihood on one scale
    variant  estimator      images          log p  first 10 images    upper
    table    nll                40    -25.9 ± 1.4      -25.4 ± 3.0        —
    nade     nll                40    -19.9 ± 1.4      -19.4 ± 3.0        —
    vae      elbo               40  ≥ -23.9 ± 1.4    ≥ -23.4 ± 3.0        —
             iwae_50            40  ≥ -21.9 ± 1.4    ≥ -21.4 ± 3.0        —
             ais                10  ≥ -20.9 ± 3.0    ≥ -20.9 ± 3.0  ≤ -20.7
    gan      ais_observed¹      10  ≥ -29.4 ± 3.0    ≥ -29.4 ± 3.0  ≤ -29.0

    ¹ observation model: each pixel flipped with probability 0.01, selected on validation images

    - nade is better than table on log p: its nll (exact) is 6.000 nats (95% interval 5.972 to 6.028)
      above nll (exact) on 40 images.
    - vae is better than table on log p: its ais (lower bound) is 4.501 nats (95% interval 4.463 to
      4.539) above nll (exact) on 10 images.
    - table is better than gan on log p: its nll (exact) is 3.601 nats (95% interval 3.565 to 3.637)
      above ais_observed (with its gap, an upper bound) on 10 images; assumes that ais_observed is as
      near to log p on test images as on images drawn from gan: within 0.40 nats.
    - nade is better than vae on log p: its nll (exact) is 1.300 nats (95% interval 1.259 to 1.341)
      above ais (with its gap, an upper bound) on 10 images; assumes that ais is as near to log p on
      test images as on images drawn from vae: within 0.20 nats.
    - nade is better than gan on log p: its nll (exact) is 9.602 nats (95% interval 9.568 to 9.637)
      above ais_observed (with its gap, an upper bound) on 10 images; assumes that ais_observed is as
      near to log p on test images as on images drawn from gan: within 0.40 nats.
    - vae is better than gan on log p: its ais (lower bound) is 8.102 nats (95% interval 8.061 to 8.143)
      above ais_observed (with its gap, an upper bound) on 10 images; assumes that ais_observed is as
      near to log p on test images as on images drawn from gan: within 0.40 nats.
    - vae is better than gan on the bound ais: by 8.502 nats (95% interval 8.465 to 8.540) on 10 images.
    Mean log-likelihood of test images in nats per image ± half of its 95% interval over seeds and
    images; larger is better. A value without a sign is exact. ≥ precedes a lower bound, which decides
    only if it is above another model's exact value or upper bound. Compare rows on the first 10 images,
    which every estimator took. upper: the bound plus its gap on images drawn from the model, an upper
    bound if the gap on test images is no larger.
    ");
}

#[test]
fn a_section_with_one_estimator_has_no_table() {
    let models = Models::default().with("a", &[exact(40, -20.0)]).with("b", &[exact(40, -22.0)]);
    assert_eq!(models.comparisons().likelihoods.len(), 1);
    let text = summary_text(&models.summary(), &models.comparisons(), 100, false);
    assert!(!text.contains("one scale"), "{text}");
}

#[test]
fn a_narrow_table_keeps_to_its_width() {
    let models = families();
    let text = summary_text(&models.summary(), &models.comparisons(), 60, false);
    for line in text.lines() {
        assert!(protocol::text::columns(line) <= 60, "{line}");
    }
}
