//! Every table of a small grid.

use super::fixture::{Fixture, read};
use super::*;

fn written() -> Fixture {
    let fixture = Fixture::new();
    let names: Vec<_> = tables(&fixture.results())
        .unwrap()
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "tables.schema.json",
            "measurements.csv",
            "trials.csv",
            "summary.csv",
            "comparisons.csv",
            "facts.csv",
            "claims.csv",
            "curves.csv",
            "costs.csv"
        ]
    );
    fixture
}

/// The header and the rows that hold any of `words`.
pub(super) fn rows(text: &str, words: &[&str]) -> String {
    let keep = |(index, line): &(usize, &str)| *index == 0 || words.iter().any(|word| line.contains(word));
    text.lines().enumerate().filter(keep).map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_summary_table() {
    insta::assert_snapshot!(read(&written().grid, "summary.csv"), @r#"
    variant,section,model,data,measurement,unit,kind,direction,support,n_seeds,mean,sd,ci95_low,ci95_high,iqm,iqm_ci95_low,iqm_ci95_high,se_test,failures,collapsed,failure_rate,failure_rate_ci95_low,failure_rate_ci95_high,not_run,reason,settings,volatile,machine,control_of,control
    independent,Families,independent,digits,nll,nats,exact,lower,binary,3,26.25,0,26.25,26.25,26.25,26.25,26.25,0.5,0,,0,0,0.7075982261787126,0,,,false,,,
    independent,Families,independent,digits,fid_proxy,1,estimate,lower,binary,3,4.1000000000000005,0.10000000000000009,3.851586228824967,4.348413771175034,4.1000000000000005,4,4.2,,0,,0,0,0.7075982261787126,0,null floor 0.8 at n = 180,,false,,,
    independent,Families,independent,digits,train,images_per_s,estimate,higher,,3,12000.1,0.1000000000003638,11999.851586228824,12000.348413771177,12000.1,12000,12000.2,,0,,0,0,0.7075982261787126,0,,,true,A Processor,,
    independent,Families,independent,digits,parameters,count,exact,neither,,3,64,0,64,64,64,64,64,,0,,0,0,0.7075982261787126,0,,,false,,,
    nade,Families,nade,digits,nll,nats,exact,lower,binary,3,19.599999999999998,0.09999999999999964,19.351586228824967,19.84841377117503,19.599999999999998,19.5,19.7,0.5,0,,0,0,0.7075982261787126,0,,,false,,,
    nade,Families,nade,digits,fid_proxy,1,estimate,lower,binary,3,4.1000000000000005,0.10000000000000009,3.851586228824967,4.348413771175034,4.1000000000000005,4,4.2,,0,,0,0,0.7075982261787126,0,null floor 0.8 at n = 180,,false,,,
    nade,Families,nade,digits,train,images_per_s,estimate,higher,,3,12000.1,0.1000000000003638,11999.851586228824,12000.348413771177,12000.1,12000,12000.2,,0,,0,0,0.7075982261787126,0,,,true,A Processor,,
    nade,Families,nade,digits,parameters,count,exact,neither,,3,64,0,64,64,64,64,64,,0,,0,0,0.7075982261787126,0,,,false,,,
    vae,Families,vae,digits,elbo,nats,lower_bound,higher,binary,3,-22.849999999999998,0.09999999999999964,-23.09841377117503,-22.601586228824967,-22.849999999999998,-22.95,-22.75,0.5,0,,0,0,0.7075982261787126,0,,,false,,,
    vae,Families,vae,digits,elbo_kl,nats,exact,neither,binary,3,8.5,0,8.5,8.5,8.5,8.5,8.5,0.5,0,,0,0,0.7075982261787126,0,,,false,,,
    vae,Families,vae,digits,iwae_50,nats,lower_bound,higher,binary,3,-21.599999999999998,0.09999999999999964,-21.84841377117503,-21.351586228824967,-21.599999999999998,-21.7,-21.5,0.5,0,,0,0,0.7075982261787126,0,,"{""k"":50}",false,,,
    vae,Families,vae,digits,fid_proxy,1,estimate,lower,binary,3,4.1000000000000005,0.10000000000000009,3.851586228824967,4.348413771175034,4.1000000000000005,4,4.2,,0,,0,0,0.7075982261787126,0,null floor 0.8 at n = 180,,false,,,
    vae,Families,vae,digits,train,images_per_s,estimate,higher,,3,12000.1,0.1000000000003638,11999.851586228824,12000.348413771177,12000.1,12000,12000.2,,0,,0,0,0.7075982261787126,0,,,true,A Processor,,
    vae,Families,vae,digits,parameters,count,exact,neither,,3,64,0,64,64,64,64,64,,0,,0,0,0.7075982261787126,0,,,false,,,
    vae,Families,vae,digits,nll,nats,exact,lower,,0,,,,,,,,,0,,0,0,0.7075982261787126,0,has no exact density,,false,,,
    gan,Families,gan,digits,collapsed,1,estimate,lower,,2,0.5,0.7071067811865476,0.012579117093425008,0.9874208829065749,0.5,0,1,,1,1,0.6666666666666666,0.09429932405024621,0.9915962413403874,0,samples cover 1 of 10 modes,,false,,,
    gan,Families,gan,digits,fid_proxy,1,estimate,lower,binary,1,4,,,,4,,,,1,1,0.6666666666666666,0.09429932405024621,0.9915962413403874,0,null floor 0.8 at n = 180; 1 seed collapsed: the mean is over the other seeds,,false,,,
    gan,Families,gan,digits,train,images_per_s,estimate,higher,,2,12000.1,0.14142135623782398,11998.829379526378,12001.370620473623,12000.1,12000,12000.2,,1,1,0.6666666666666666,0.09429932405024621,0.9915962413403874,0,,,true,A Processor,,
    gan,Families,gan,digits,parameters,count,exact,neither,,2,64,0,64,64,64,64,64,,1,1,0.6666666666666666,0.09429932405024621,0.9915962413403874,0,,,false,,,
    gan,Families,gan,digits,nll,nats,exact,lower,,0,,,,,,,,,1,1,0.6666666666666666,0.09429932405024621,0.9915962413403874,0,has no density,,false,,,
    gan,Families,gan,digits,elbo,nats,exact,lower,,0,,,,,,,,,1,1,0.6666666666666666,0.09429932405024621,0.9915962413403874,0,has no encoder,,false,,,
    nade hidden=500,Families,nade,digits,,,,,,0,,,,,,,,,0,,,,,3,"seeds 0, 1, 2 not run: not started",,,,,
    "#);
}

#[test]
fn the_comparisons_table() {
    insta::assert_snapshot!(read(&written().grid, "comparisons.csv"), @r#"
    variant,baseline,section,data,measurement,unit,kind,direction,support,paired,n_seeds,n_baseline,lost,lost_baseline,effect,ci95_low,ci95_high,se_variant,se_baseline,se_test,images_paired,se,df,p,p_holm,comparisons,margin,p_equivalent,p_permutation,p_permutation_best,verdict,reason,settings,control
    nade,independent,Families,digits,nll,nats,exact,lower,binary,false,3,3,0,0,-6.650000000000002,-8.05070961569784,-5.249290384302164,0.08164965809277232,,0.7071067811865476,false,0.7118052168020874,302.88367743962584,2.122660100462091e-18,2.122660100462091e-18,1,,,0.1,0.1,better,"all seeds of independent have one value, which is no evidence of how seeds vary: the spread of nade is used for both",,
    nade,independent,Families,digits,fid_proxy,1,estimate,lower,binary,false,3,3,0,0,0,-0.22669579355275224,0.22669579355275224,0.05773502691896263,0.05773502691896263,,,0.08164965809277268,4,1,1,3,,,1,0.1,undecided,undecided: corrected p = 1,,
    vae,independent,Families,digits,fid_proxy,1,estimate,lower,binary,false,3,3,0,0,0,-0.22669579355275224,0.22669579355275224,0.05773502691896263,0.05773502691896263,,,0.08164965809277268,4,1,1,3,,,1,0.1,undecided,undecided: corrected p = 1,,
    gan,independent,Families,digits,fid_proxy,1,estimate,lower,binary,false,1,3,2,0,-0.10000000000000053,,,,,,,,,,,3,,,1,0.5,undecided,undecided: one seed of gan shows no spread; gan lost 2 seeds (failed or collapsed): the means are over the other seeds,,
    nade hidden=500,independent,Families,digits,,,,,,false,,,0,0,,,,,,,,,,,,,,,,,undecided,"no seed of nade hidden=500 is done: seeds 0, 1, 2 not run: not started",,
    "#);
}

/// A control and its figure, in the tables that name it.
#[test]
fn controls_are_named_in_the_tables() {
    use protocol::{Control, Direction, Kind, Measurement, Unit, atomic};
    let fixture = Fixture::new();
    for trial in fixture.plan.trials.iter().filter(|trial| trial.variant == "vae") {
        let one = |name: &str, direction, value| Measurement::new(name, Kind::Estimate, Unit::One, direction, value);
        let (score, control) = (0.9 + 0.01 * trial.seed as f64, Control::untrained("probe"));
        let untrained = Measurement { control: Some(control), ..one("probe_untrained", Direction::Neither, 0.5) };
        // A record of an earlier version does not state its control.
        let figures = [one("probe", Direction::Higher, score), untrained, one("probe_real", Direction::Neither, 0.99)];
        atomic::write_json(&fixture.grid.trial(&trial.id()).measurements(), &figures).unwrap();
    }
    tables(&fixture.results()).unwrap();
    for table in ["measurements.csv", "summary.csv"] {
        let text = read(&fixture.grid, table);
        let of = |name: &str| text.lines().find(|row| row.contains(&format!(",{name},"))).unwrap().to_owned();
        assert!(of("probe_untrained").ends_with(",probe,untrained"), "{table}: {}", of("probe_untrained"));
        assert!(of("probe_real").ends_with(",probe,real"), "{table}: {}", of("probe_real"));
        assert!(of("probe").ends_with(",,"), "{table}: {}", of("probe"));
    }
    let text = read(&fixture.grid, "comparisons.csv");
    let with_controls: Vec<_> = text.lines().skip(1).filter(|row| !row.ends_with(',')).collect();
    assert_eq!(with_controls.len(), 1, "real images need not be beaten: {text}");
    assert!(with_controls[0].starts_with("vae,vae,Families,digits,probe,1,") && with_controls[0].contains(",0.41"));
    assert!(with_controls[0].ends_with(",probe_untrained"), "{}", with_controls[0]);
    let markdown = crate::report(&fixture.results(), &crate::ReportContext::default()).unwrap().markdown;
    let markdown = std::fs::read_to_string(markdown).unwrap();
    assert!(markdown.contains("(untrained 0.500, real 0.990) |"), "{markdown}");
}

#[test]
fn the_trials_table() {
    let text = read(&written().grid, "trials.csv");
    assert_eq!(text.lines().count(), 16, "one row a trial, and the header");
    insta::assert_snapshot!(rows(&text, &["nade,", "gan,", ",vae,Families,vae,digits,2", "hidden=500,Families,nade,digits,0"]), @r"
    trial,variant,section,model,data,seed,status,reason,steps,kept_step,parameters,train_s,attempts,device,adapter,host,threads,packages,commit,dirty,code,nll_nats,nll_se_nats,fid_proxy,train_images_per_s,elbo_nats,elbo_se_nats,elbo_kl_nats,elbo_kl_se_nats,iwae_50_nats,iwae_50_se_nats,collapsed,absent
    ecd8f9c4c0bc,nade,Families,nade,digits,0,done,,100,100,64,1.5,1,flex,A Processor,bench,1,genbench 0.1.0,abc1234,false,c0de,19.5,0.5,4,12000,,,,,,,,
    533e44948f34,nade,Families,nade,digits,1,done,,100,100,64,1.5,1,flex,A Processor,bench,1,genbench 0.1.0,abc1234,false,c0de,19.6,0.5,4.1,12000.1,,,,,,,,
    0b8743f0692d,nade,Families,nade,digits,2,done,,100,100,64,1.5,1,flex,A Processor,bench,1,genbench 0.1.0,abc1234,false,c0de,19.7,0.5,4.2,12000.2,,,,,,,,
    578388fd9c00,vae,Families,vae,digits,2,done,,100,100,64,1.5,1,flex,A Processor,bench,1,genbench 0.1.0,abc1234,false,c0de,,,4.2,12000.2,-22.95,0.5,8.5,0.5,-21.7,0.5,,nll: has no exact density
    105531687ebe,gan,Families,gan,digits,0,done,,100,100,64,1.5,1,flex,A Processor,bench,1,genbench 0.1.0,abc1234,false,c0de,,,4,12000,,,,,,,0,nll: has no density | elbo: has no encoder
    c4f66cc85e92,gan,Families,gan,digits,1,diverged,loss_d was not finite after step 60,60,,64,1.5,1,flex,A Processor,bench,1,genbench 0.1.0,abc1234,false,c0de,,,,,,,,,,,,
    8e0b84c3574c,gan,Families,gan,digits,2,done,,100,100,64,1.5,1,flex,A Processor,bench,1,genbench 0.1.0,abc1234,false,c0de,,,4.2,12000.2,,,,,,,1,nll: has no density | elbo: has no encoder
    cca389a0afef,nade hidden=500,Families,nade,digits,0,not_run,not started,,,,,,flex,,,,,,,,,,,,,,,,,,,
    0f6748463e4a,nade hidden=500,Families,nade,digits,1,not_run,not started,,,,,,flex,,,,,,,,,,,,,,,,,,,
    64a83a797994,nade hidden=500,Families,nade,digits,2,not_run,not started,,,,,,flex,,,,,,,,,,,,,,,,,,,
    ");
}

#[test]
fn the_measurements_table() {
    let text = read(&written().grid, "measurements.csv");
    insta::assert_snapshot!(rows(&text, &["nade,digits,1", "vae,digits,0", "gan,digits,2"]), @r#"
    trial,variant,section,model,data,seed,status,measurement,value,se,n,kind,unit,direction,support,reason,measure,measure_version,settings,volatile,device,adapter,host,control_of,control
    533e44948f34,nade,Families,nade,digits,1,done,nll,19.6,0.5,360,exact,nats,lower,binary,,nll,1,,false,flex,A Processor,bench,,
    533e44948f34,nade,Families,nade,digits,1,done,fid_proxy,4.1,,180,estimate,1,lower,binary,null floor 0.8 at n = 180,fid_proxy,1,,false,flex,A Processor,bench,,
    533e44948f34,nade,Families,nade,digits,1,done,train,12000.1,,,estimate,images_per_s,higher,,,,1,,true,flex,A Processor,bench,,
    72d1f34470f1,vae,Families,vae,digits,0,done,nll,,,,exact,nats,lower,,has no exact density,,1,,false,flex,A Processor,bench,,
    72d1f34470f1,vae,Families,vae,digits,0,done,elbo,-22.75,0.5,360,lower_bound,nats,higher,binary,,elbo,1,,false,flex,A Processor,bench,,
    72d1f34470f1,vae,Families,vae,digits,0,done,elbo_kl,8.5,0.5,360,exact,nats,neither,binary,,elbo_kl,1,,false,flex,A Processor,bench,,
    72d1f34470f1,vae,Families,vae,digits,0,done,iwae_50,-21.5,0.5,360,lower_bound,nats,higher,binary,,iwae,1,"{""k"":50}",false,flex,A Processor,bench,,
    72d1f34470f1,vae,Families,vae,digits,0,done,fid_proxy,4,,180,estimate,1,lower,binary,null floor 0.8 at n = 180,fid_proxy,1,,false,flex,A Processor,bench,,
    72d1f34470f1,vae,Families,vae,digits,0,done,train,12000,,,estimate,images_per_s,higher,,,,1,,true,flex,A Processor,bench,,
    8e0b84c3574c,gan,Families,gan,digits,2,done,nll,,,,exact,nats,lower,,has no density,,1,,false,flex,A Processor,bench,,
    8e0b84c3574c,gan,Families,gan,digits,2,done,elbo,,,,exact,nats,lower,,has no encoder,,1,,false,flex,A Processor,bench,,
    8e0b84c3574c,gan,Families,gan,digits,2,done,collapsed,1,,360,estimate,1,lower,,samples cover 1 of 10 modes,,1,,false,flex,A Processor,bench,,
    8e0b84c3574c,gan,Families,gan,digits,2,done,fid_proxy,4.2,,180,estimate,1,lower,binary,null floor 0.8 at n = 180,fid_proxy,1,,false,flex,A Processor,bench,,
    8e0b84c3574c,gan,Families,gan,digits,2,done,train,12000.2,,,estimate,images_per_s,higher,,,,1,,true,flex,A Processor,bench,,
    "#);
}

#[test]
fn the_curves_table() {
    let fixture = written();
    let text = read(&fixture.grid, "curves.csv");
    let (resumed, diverged) = (fixture.plan.trials[3].id().0, fixture.plan.trials[10].id().0);
    let of = |id: &str| rows(&text, &[id]).replace(id, "ID");
    insta::assert_snapshot!(of(&resumed), @r#"
    trial,variant,seed,step,split,quantity,value,se,n,unit,attempt,at_s
    ID,nade,0,10,train,loss,44,,,,1,1
    ID,nade,0,20,train,loss,34,,,,1,2
    ID,nade,0,30,train,loss,30.666666666666664,,,,1,3
    ID,nade,0,40,train,loss,29,,,,1,4
    ID,nade,0,50,train,loss,28,,,,1,5
    ID,nade,0,60,train,loss,27.333333333333332,,,,2,6
    ID,nade,0,70,train,loss,26.857142857142858,,,,2,7
    ID,nade,0,80,train,loss,26.5,,,,2,8
    ID,nade,0,90,train,loss,26.22222222222222,,,,2,9
    ID,nade,0,100,train,loss,26,,,,2,10
    ID,nade,0,50,validation,nll,25,0.5,360,nats,1,5
    ID,nade,0,100,validation,nll,24,0.5,360,nats,2,10
    "#);
    insta::assert_snapshot!(rows(&of(&diverged), &[",50,", ",60,"]), @r#"
    trial,variant,seed,step,split,quantity,value,se,n,unit,attempt,at_s
    ID,gan,1,50,train,loss_d,27.8,,,,1,5
    ID,gan,1,60,train,loss_d,NaN,,,,1,6
    ID,gan,1,50,validation,nll,24.3,0.5,360,nats,1,5
    "#);
}

#[test]
fn the_costs_table() {
    let fixture = Fixture::new();
    fixture.spend(0);
    tables(&fixture.results()).unwrap();
    let text = read(&fixture.grid, "costs.csv").replace(&fixture.plan.trials[0].id().0, "ID");
    insta::assert_snapshot!(text, @"
    trial,variant,seed,part,measure,seconds,share
    ID,independent,0,train,,6,0.6
    ID,independent,0,extractor,,1,0.1
    ID,independent,0,measure,fid_proxy,2.5,0.25
    ID,independent,0,other,,0.5,0.05
    ");
}

#[test]
fn the_facts_table() {
    insta::assert_snapshot!(read(&written().grid, "facts.csv"), @r#"
    section,fact,quantity,value,note
    Counting,joint_table,free parameters of the full joint over 64 binary pixels,18446744073709551615,"2^64 - 1, one <less> than the ""states"""
    "#);
}

#[test]
fn the_terminal_table() {
    let fixture = Fixture::new();
    let results = fixture.results();
    let (summary, comparisons) = (results.summary(), results.comparisons());
    let text = summary_text(summary, comparisons, 100, false);
    assert!(!text.contains('\u{1b}'), "no colour without asking for it");
    assert!(summary_text(summary, comparisons, 100, true).contains("\u{1b}[1m"));
    insta::assert_snapshot!(text, @r"
    Families · digits · binary
    variant          seeds  lost          nll ↓   fid_proxy ↓           elbo ↑        iwae_50 ↑
                                           nats                           nats             nats
                                          exact      estimate      lower bound      lower bound
    independent        3/3   0/3      26.25 ± 0  4.10 ± 0.25¹               —²               —²
    nade               3/3   0/3  19.60 ± 0.25*  4.10 ± 0.25¹               —²               —²
    vae                3/3   0/3             —³  4.10 ± 0.25¹  ≥ -22.85 ± 0.25  ≥ -21.60 ± 0.25
    gan               2/3⁴   2/3             —⁵            4⁶               —⁷               —²
    nade hidden=500   0/3⁹     —            —¹⁰           —¹⁰              —¹⁰              —¹⁰

    variant          seeds  lost         collapsed ↓
                                            estimate
    independent        3/3   0/3                  —²
    nade               3/3   0/3                  —²
    vae                3/3   0/3                  —²
    gan               2/3⁴   2/3  0.50 [0.01, 0.99]⁸
    nade hidden=500   0/3⁹     —                 —¹⁰

    variant          seeds  lost          train ↑  parameters
                                         images/s       count
                                         estimate       exact
    independent        3/3   0/3  12000.10 ± 0.25          64
    nade               3/3   0/3  12000.10 ± 0.25          64
    vae                3/3   0/3  12000.10 ± 0.25          64
    gan               2/3⁴   2/3    12000.1 ± 1.3          64
    nade hidden=500   0/3⁹     —              —¹⁰         —¹⁰

    ¹ null floor 0.8 at n = 180
    ² not measured
    ³ has no exact density
    ⁴ seed 1 diverged: loss_d was not finite after step 60; seed 2 collapsed: samples cover 1 of 10
      modes
    ⁵ has no density
    ⁶ null floor 0.8 at n = 180; 1 seed collapsed: the mean is over the other seeds
    ⁷ has no encoder
    ⁸ samples cover 1 of 10 modes
    ⁹ seeds 0, 1, 2 not run: not started
    ¹⁰ no seed is done

    Means over finished seeds that did not collapse. lost: failed or collapsed seeds, of the ended ones.
    ±: half of the mean's 95% confidence interval over seeds (Student's t); one seed has none. [ ]: 95%
    interval of a rate or share. ≥, ≤: bounds; the best bound need not be the best likelihood. *: better
    than the baseline, by the verdict of the comparison.
    ");
}

/// At every width no line is wider than the terminal, and no word is split.
#[test]
fn the_terminal_table_keeps_to_its_width() {
    let fixture = Fixture::new();
    let results = fixture.results();
    let (mut summary, comparisons) = (results.summary().clone(), results.comparisons());
    summary.variants[0].variant = "混合分布 模型 hidden=500 with a long label".into();
    let words = |text: &str| {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        words.sort();
        words.dedup();
        words
    };
    let unlimited = summary_text(&summary, comparisons, usize::MAX, false);
    for width in [60, 80, 100] {
        let text = summary_text(&summary, comparisons, width, false);
        for line in text.lines() {
            assert!(protocol::text::columns(line) <= width, "{width}: {line}");
        }
        assert_eq!(words(&text), words(&unlimited), "{width}");
    }
    insta::assert_snapshot!(summary_text(&summary, comparisons, 60, false).lines().take(11).collect::<Vec<_>>().join("\n"), @r"
    Families · digits · binary
    variant                      seeds  lost          nll ↓
                                                       nats
                                                      exact
    混合分布 模型 hidden=500       3/3   0/3      26.25 ± 0
    with a long label
    nade                           3/3   0/3  19.60 ± 0.25*
    vae                            3/3   0/3             —³
    gan                           2/3⁴   2/3             —⁵
    nade hidden=500               0/3⁹     —            —¹⁰
    ");
}

/// Numbers of notes are those of the printed columns, without gaps.
#[test]
fn every_printed_note_has_a_printed_number() {
    let fixture = Fixture::new();
    let results = fixture.results();
    let (mut summary, comparisons) = (results.summary().clone(), results.comparisons());
    for variant in &mut summary.variants {
        for figure in &mut variant.figures {
            if figure.figure.name == "nll" {
                figure.figure.direction = protocol::Direction::Neither;
            }
        }
    }
    let text = summary_text(&summary, comparisons, 100, false);
    assert!(!text.contains("nll") && !text.contains("has no exact density"), "{text}");
    let (table, notes) = text.split_once("\n¹").expect("notes");
    for number in 1..=notes.lines().filter(|line| line.starts_with(['²', '³', '⁴', '⁵', '⁶', '⁷', '⁸'])).count() + 1
    {
        let mark = super::superscript(number);
        assert!(table.contains(&mark), "{mark} is not in\n{table}");
    }
}

/// One measure with two settings. One has a figure, the other a reason, and the reason belongs to its settings only.
#[test]
fn a_reason_belongs_to_its_settings() {
    use protocol::{Direction, Kind, Measurement, Unit, atomic};
    use serde_json::json;

    let fixture = Fixture::new();
    let figure = Measurement::new("score", Kind::Estimate, Unit::One, Direction::Higher, 2.0).remark("of a classifier");
    let none = Measurement::absent("score", Kind::Estimate, Unit::One, Direction::Higher, "needs a classifier");
    let all = [(figure, "classifier"), (none, "random")]
        .map(|(figure, features)| Measurement { settings: json!({ "features": features }), ..figure });
    for trial in fixture.plan.trials.iter().filter(|trial| trial.variant == "independent") {
        atomic::write_json(&fixture.grid.trial(&trial.id()).measurements(), &all).unwrap();
    }
    tables(&fixture.results()).unwrap();
    let rows = rows(&read(&fixture.grid, "summary.csv"), &["independent,Families,independent,digits,score"]);
    let lines: Vec<&str> = rows.lines().collect();
    assert!(lines.len() == 3, "{rows}");
    assert!(lines[1].contains(",of a classifier,") && lines[2].contains(",needs a classifier,"), "{rows}");
}

#[test]
fn speeds_of_several_machines_are_never_pooled() {
    use protocol::{Direction, Kind, Measurement, Unit, atomic};
    let fixture = Fixture::new();
    let seeds: Vec<_> = fixture.plan.trials.iter().filter(|trial| trial.variant == "vae").collect();
    let on = |cpu: &str, value: f64| {
        let machine = protocol::Machine { cpu: cpu.into(), adapter: String::new(), host: format!("host of {cpu}") };
        let speed = Measurement::new("speed", Kind::Estimate, Unit::StepsPerSecond, Direction::Higher, value);
        speed.volatile().on_machine(machine)
    };
    // Two seeds were timed on one machine, and one of them on another.
    for (trial, figures) in seeds.iter().zip([vec![on("A", 100.0), on("B", 10.0)], vec![on("A", 102.0)]]) {
        atomic::write_json(&fixture.grid.trial(&trial.id()).throughput(), &figures).unwrap();
    }
    let results = fixture.results();
    let vae = results.summary().variants.iter().find(|variant| variant.variant == "vae").unwrap();
    let speeds = vae.figures.iter().filter(|summed| summed.figure.name == "speed");
    let speeds: Vec<_> = speeds.map(|one| (one.figure.machine.as_deref(), one.spread.unwrap().mean)).collect();
    assert_eq!(speeds, [(Some("A"), 101.0), (Some("B"), 10.0)]);
    tables(&results).unwrap();
    let header = read(&fixture.grid, "trials.csv").lines().next().unwrap().to_owned();
    assert!(header.contains("speed_A_steps") && header.contains("speed_B_steps"), "{header}");
    let long = read(&fixture.grid, "measurements.csv");
    assert!(long.lines().any(|row| row.contains(",speed,10,") && row.ends_with(",B,host of B,,")), "{long}");
    let text = crate::summary_text(results.summary(), results.comparisons(), 400, false);
    assert!(text.contains("speed (A)") && text.contains("speed (B)"), "{text}");
}
