(function(){
"use strict";
var d=document,form=d.getElementById("flt"),count=d.getElementById("cnt"),none=d.getElementById("none");
var rows=[].slice.call(d.querySelectorAll(".one tr[data-l]")),bodies=[].slice.call(d.querySelectorAll(".one tbody"));
var texts=null;
function choose(){
  var levels={},shown=0,area=form.elements.a.value,moved=form.elements.m?form.elements.m.value:"",only=form.elements.x.checked;
  var wanted=form.elements.q.value.trim().toLowerCase();
  [].forEach.call(form.querySelectorAll("[name=l]:checked"),function(box){levels[box.value]=true});
  if(wanted&&!texts)texts=rows.map(function(row){return row.textContent.toLowerCase()});
  rows.forEach(function(row,n){
    var own=row.dataset,fits=levels[own.l]&&(!area||own.a===area)&&(!moved||own.m===moved)&&(!only||own.x)&&(!wanted||texts[n].indexOf(wanted)>=0);
    if(row.hidden===!!fits)row.hidden=!fits;
    if(fits)shown++;
  });
  bodies.forEach(function(body){body.hidden=!body.querySelector("tr[data-l]:not([hidden])")});
  none.hidden=shown>0;
  count.textContent=(shown===rows.length?"":shown.toLocaleString("en-GB")+" of ")+rows.length.toLocaleString("en-GB")+(rows.length===1?" row":" rows");
}
form.hidden=false;
form.addEventListener("input",choose);
form.addEventListener("change",choose);
form.addEventListener("reset",function(){setTimeout(choose,0)});
form.addEventListener("submit",function(event){event.preventDefault()});
var button=d.getElementById("open"),opened=false;
d.getElementById("exp").hidden=false;
button.addEventListener("click",function(){
  opened=!opened;
  [].forEach.call(d.querySelectorAll("details"),function(fold){fold.open=opened});
  d.documentElement.classList.toggle("full",opened);
  button.textContent=opened?"Close every explanation":"Open every explanation";
});
function unfold(){
  var at=location.hash&&d.getElementById(location.hash.slice(1)),fold=at&&at.matches(".e")?at.querySelector(":scope > details"):null;
  if(fold)fold.open=true;
}
addEventListener("hashchange",unfold);
unfold();
})();
