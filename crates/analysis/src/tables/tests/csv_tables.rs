//! Text of the CSV tables.

use super::super::fixture::{Fixture, read};
use super::super::tables;
use super::{rows, written};

#[test]
fn the_summary_table() {
    insta::assert_snapshot!(read(&written().grid, "summary.csv"), @r#"
    variant,section,model,data,measurement,unit,kind,direction,support,n_seeds,mean,sd,ci95_low,ci95_high,iqm,iqm_ci95_low,iqm_ci95_high,se_test,n,failures,collapsed,failure_rate,failure_rate_ci95_low,failure_rate_ci95_high,not_run,reason,settings,volatile,device,machine,kernels,commit,code,control_of,control,model.label
    independent,Families,independent,digits,nll,nats,exact,lower,binary,3,26.25,0,26.25,26.25,26.25,26.25,26.25,0.5,360,0,,0,0,0.7075982261787126,0,,,false,flex,A Processor,fused,abc1234,c0de,,,independent
    independent,Families,independent,digits,fid_proxy,1,estimate,lower,binary,3,4.1000000000000005,0.10000000000000009,3.851586228824967,4.348413771175034,4.1000000000000005,4,4.2,,180,0,,0,0,0.7075982261787126,0,null floor 0.8 at n = 180,,false,flex,A Processor,fused,abc1234,c0de,,,independent
    independent,Families,independent,digits,train,images_per_s,estimate,higher,,3,12000.1,0.1000000000003638,11999.851586228824,12000.348413771177,12000.1,12000,12000.2,,,0,,0,0,0.7075982261787126,0,,,true,flex,A Processor,fused,abc1234,c0de,,,independent
    independent,Families,independent,digits,parameters,count,exact,neither,,3,64,0,64,64,64,64,64,,,0,,0,0,0.7075982261787126,0,,,false,flex,A Processor,fused,abc1234,c0de,,,independent
    nade,Families,nade,digits,nll,nats,exact,lower,binary,3,19.599999999999998,0.09999999999999964,19.351586228824967,19.84841377117503,19.599999999999998,19.5,19.7,0.5,360,0,,0,0,0.7075982261787126,0,,,false,flex,A Processor,fused,abc1234,c0de,,,nade
    nade,Families,nade,digits,fid_proxy,1,estimate,lower,binary,3,4.1000000000000005,0.10000000000000009,3.851586228824967,4.348413771175034,4.1000000000000005,4,4.2,,180,0,,0,0,0.7075982261787126,0,null floor 0.8 at n = 180,,false,flex,A Processor,fused,abc1234,c0de,,,nade
    nade,Families,nade,digits,train,images_per_s,estimate,higher,,3,12000.1,0.1000000000003638,11999.851586228824,12000.348413771177,12000.1,12000,12000.2,,,0,,0,0,0.7075982261787126,0,,,true,flex,A Processor,fused,abc1234,c0de,,,nade
    nade,Families,nade,digits,parameters,count,exact,neither,,3,64,0,64,64,64,64,64,,,0,,0,0,0.7075982261787126,0,,,false,flex,A Processor,fused,abc1234,c0de,,,nade
    vae,Families,vae,digits,elbo,nats,lower_bound,higher,binary,3,-22.849999999999998,0.09999999999999964,-23.09841377117503,-22.601586228824967,-22.849999999999998,-22.95,-22.75,0.5,360,0,,0,0,0.7075982261787126,0,,,false,flex,A Processor,fused,abc1234,c0de,,,vae
    vae,Families,vae,digits,elbo_kl,nats,exact,neither,binary,3,8.5,0,8.5,8.5,8.5,8.5,8.5,0.5,360,0,,0,0,0.7075982261787126,0,,,false,flex,A Processor,fused,abc1234,c0de,,,vae
    vae,Families,vae,digits,iwae_50,nats,lower_bound,higher,binary,3,-21.599999999999998,0.09999999999999964,-21.84841377117503,-21.351586228824967,-21.599999999999998,-21.7,-21.5,0.5,360,0,,0,0,0.7075982261787126,0,,"{""k"":50}",false,flex,A Processor,fused,abc1234,c0de,,,vae
    vae,Families,vae,digits,fid_proxy,1,estimate,lower,binary,3,4.1000000000000005,0.10000000000000009,3.851586228824967,4.348413771175034,4.1000000000000005,4,4.2,,180,0,,0,0,0.7075982261787126,0,null floor 0.8 at n = 180,,false,flex,A Processor,fused,abc1234,c0de,,,vae
    vae,Families,vae,digits,train,images_per_s,estimate,higher,,3,12000.1,0.1000000000003638,11999.851586228824,12000.348413771177,12000.1,12000,12000.2,,,0,,0,0,0.7075982261787126,0,,,true,flex,A Processor,fused,abc1234,c0de,,,vae
    vae,Families,vae,digits,parameters,count,exact,neither,,3,64,0,64,64,64,64,64,,,0,,0,0,0.7075982261787126,0,,,false,flex,A Processor,fused,abc1234,c0de,,,vae
    vae,Families,vae,digits,nll,nats,exact,lower,,0,,,,,,,,,,0,,0,0,0.7075982261787126,0,has no exact density,,false,flex,A Processor,fused,abc1234,c0de,,,vae
    gan,Families,gan,digits,collapsed,1,estimate,lower,,2,0.5,0.7071067811865476,0.012579117093425008,0.9874208829065749,0.5,0,1,,360,1,1,0.6666666666666666,0.09429932405024621,0.9915962413403874,0,samples cover 1 of 10 modes,,false,flex,A Processor,fused,abc1234,c0de,,,gan
    gan,Families,gan,digits,fid_proxy,1,estimate,lower,binary,1,4,,,,4,,,,180,1,1,0.6666666666666666,0.09429932405024621,0.9915962413403874,0,null floor 0.8 at n = 180; 1 seed collapsed: the mean is over the other seeds,,false,flex,A Processor,fused,abc1234,c0de,,,gan
    gan,Families,gan,digits,train,images_per_s,estimate,higher,,2,12000.1,0.14142135623782398,11998.829379526378,12001.370620473623,12000.1,12000,12000.2,,,1,1,0.6666666666666666,0.09429932405024621,0.9915962413403874,0,,,true,flex,A Processor,fused,abc1234,c0de,,,gan
    gan,Families,gan,digits,parameters,count,exact,neither,,2,64,0,64,64,64,64,64,,,1,1,0.6666666666666666,0.09429932405024621,0.9915962413403874,0,,,false,flex,A Processor,fused,abc1234,c0de,,,gan
    gan,Families,gan,digits,nll,nats,exact,lower,,0,,,,,,,,,,1,1,0.6666666666666666,0.09429932405024621,0.9915962413403874,0,has no density,,false,flex,A Processor,fused,abc1234,c0de,,,gan
    gan,Families,gan,digits,elbo,nats,exact,lower,,0,,,,,,,,,,1,1,0.6666666666666666,0.09429932405024621,0.9915962413403874,0,has no encoder,,false,flex,A Processor,fused,abc1234,c0de,,,gan
    nade hidden=500,Families,nade,digits,,,,,,0,,,,,,,,,,0,,,,,3,"seeds 0, 1, 2 not run: not started",,,flex,,,,,,,nade hidden=500
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

#[test]
fn the_trials_table() {
    let text = read(&written().grid, "trials.csv");
    assert_eq!(text.lines().count(), 16, "one row a trial, and the header");
    insta::assert_snapshot!(rows(&text, &["nade,", "gan,", ",vae,Families,vae,digits,2", "hidden=500,Families,nade,digits,0"]), @r"
    trial,variant,section,model,data,seed,status,reason,steps,kept_step,parameters,train_s,attempts,device,adapter,host,machine,kernels,threads,packages,commit,dirty,code,model.label,nll_nats,nll_se_nats,nll_n,fid_proxy,fid_proxy_n,train_images_per_s,elbo_nats,elbo_se_nats,elbo_n,elbo_kl_nats,elbo_kl_se_nats,elbo_kl_n,iwae_50_nats,iwae_50_se_nats,iwae_50_n,collapsed,collapsed_n,absent
    ecd8f9c4c0bc,nade,Families,nade,digits,0,done,,100,100,64,1.5,1,flex,A Processor,bench,A Processor,fused,1,genbench 0.1.0,abc1234,false,c0de,nade,19.5,0.5,360,4,180,12000,,,,,,,,,,,,
    533e44948f34,nade,Families,nade,digits,1,done,,100,100,64,1.5,1,flex,A Processor,bench,A Processor,fused,1,genbench 0.1.0,abc1234,false,c0de,nade,19.6,0.5,360,4.1,180,12000.1,,,,,,,,,,,,
    0b8743f0692d,nade,Families,nade,digits,2,done,,100,100,64,1.5,1,flex,A Processor,bench,A Processor,fused,1,genbench 0.1.0,abc1234,false,c0de,nade,19.7,0.5,360,4.2,180,12000.2,,,,,,,,,,,,
    578388fd9c00,vae,Families,vae,digits,2,done,,100,100,64,1.5,1,flex,A Processor,bench,A Processor,fused,1,genbench 0.1.0,abc1234,false,c0de,vae,,,,4.2,180,12000.2,-22.95,0.5,360,8.5,0.5,360,-21.7,0.5,360,,,nll: has no exact density
    105531687ebe,gan,Families,gan,digits,0,done,,100,100,64,1.5,1,flex,A Processor,bench,A Processor,fused,1,genbench 0.1.0,abc1234,false,c0de,gan,,,,4,180,12000,,,,,,,,,,0,360,nll: has no density | elbo: has no encoder
    c4f66cc85e92,gan,Families,gan,digits,1,diverged,loss_d was not finite after step 60,60,,64,1.5,1,flex,A Processor,bench,A Processor,fused,1,genbench 0.1.0,abc1234,false,c0de,gan,,,,,,,,,,,,,,,,,,
    8e0b84c3574c,gan,Families,gan,digits,2,done,,100,100,64,1.5,1,flex,A Processor,bench,A Processor,fused,1,genbench 0.1.0,abc1234,false,c0de,gan,,,,4.2,180,12000.2,,,,,,,,,,1,360,nll: has no density | elbo: has no encoder
    cca389a0afef,nade hidden=500,Families,nade,digits,0,not_run,not started,,,,,,flex,,,,,,,,,,nade hidden=500,,,,,,,,,,,,,,,,,,
    0f6748463e4a,nade hidden=500,Families,nade,digits,1,not_run,not started,,,,,,flex,,,,,,,,,,nade hidden=500,,,,,,,,,,,,,,,,,,
    64a83a797994,nade hidden=500,Families,nade,digits,2,not_run,not started,,,,,,flex,,,,,,,,,,nade hidden=500,,,,,,,,,,,,,,,,,,
    ");
}

#[test]
fn the_measurements_table() {
    let text = read(&written().grid, "measurements.csv");
    insta::assert_snapshot!(rows(&text, &["nade,digits,1", "vae,digits,0", "gan,digits,2"]), @r#"
    trial,variant,section,model,data,seed,status,measurement,value,se,n,kind,unit,direction,support,reason,measure,measure_version,settings,volatile,device,adapter,host,machine,kernels,commit,code,control_of,control,model.label
    533e44948f34,nade,Families,nade,digits,1,done,nll,19.6,0.5,360,exact,nats,lower,binary,,nll,1,,false,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,nade
    533e44948f34,nade,Families,nade,digits,1,done,fid_proxy,4.1,,180,estimate,1,lower,binary,null floor 0.8 at n = 180,fid_proxy,1,,false,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,nade
    533e44948f34,nade,Families,nade,digits,1,done,train,12000.1,,,estimate,images_per_s,higher,,,,1,,true,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,nade
    72d1f34470f1,vae,Families,vae,digits,0,done,nll,,,,exact,nats,lower,,has no exact density,,1,,false,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,vae
    72d1f34470f1,vae,Families,vae,digits,0,done,elbo,-22.75,0.5,360,lower_bound,nats,higher,binary,,elbo,1,,false,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,vae
    72d1f34470f1,vae,Families,vae,digits,0,done,elbo_kl,8.5,0.5,360,exact,nats,neither,binary,,elbo_kl,1,,false,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,vae
    72d1f34470f1,vae,Families,vae,digits,0,done,iwae_50,-21.5,0.5,360,lower_bound,nats,higher,binary,,iwae,1,"{""k"":50}",false,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,vae
    72d1f34470f1,vae,Families,vae,digits,0,done,fid_proxy,4,,180,estimate,1,lower,binary,null floor 0.8 at n = 180,fid_proxy,1,,false,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,vae
    72d1f34470f1,vae,Families,vae,digits,0,done,train,12000,,,estimate,images_per_s,higher,,,,1,,true,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,vae
    8e0b84c3574c,gan,Families,gan,digits,2,done,nll,,,,exact,nats,lower,,has no density,,1,,false,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,gan
    8e0b84c3574c,gan,Families,gan,digits,2,done,elbo,,,,exact,nats,lower,,has no encoder,,1,,false,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,gan
    8e0b84c3574c,gan,Families,gan,digits,2,done,collapsed,1,,360,estimate,1,lower,,samples cover 1 of 10 modes,,1,,false,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,gan
    8e0b84c3574c,gan,Families,gan,digits,2,done,fid_proxy,4.2,,180,estimate,1,lower,binary,null floor 0.8 at n = 180,fid_proxy,1,,false,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,gan
    8e0b84c3574c,gan,Families,gan,digits,2,done,train,12000.2,,,estimate,images_per_s,higher,,,,1,,true,flex,A Processor,bench,A Processor,fused,abc1234,c0de,,,gan
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
